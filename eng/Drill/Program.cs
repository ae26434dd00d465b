// Drills on the processes of eng/run.sh. The verdict is the client's own list, for the kill drill against the database.
//   kill --edges URL,URL --key KEY --database FILE --run eng/run.sh [--rate N] [--outage-requests N | --outage-seconds N] [--edge-kills N]
//   restart --edges URL --key KEY --run eng/run.sh [--restarts N] [--requests N]
using Drill;

switch (args)
{
    case ["kill", .. var rest]:
        return await new KillDrill(DrillOptions.Parse(rest)).RunAsync();
    case ["restart", .. var rest]:
        return await new RestartDrill(DrillOptions.Parse(rest)).RunAsync();
    default:
        Console.Error.WriteLine("usage: kill --edges URL,URL --key KEY --database FILE --run SCRIPT [--rate N] [--outage-requests N | --outage-seconds N] [--edge-kills N] | restart --edges URL --key KEY --run SCRIPT [--restarts N] [--requests N]");
        return 2;
}

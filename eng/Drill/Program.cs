// Drills on the processes of eng/run.sh. The verdict is the client's own list against the database.
//   kill --edges URL,URL --key KEY --database FILE --run eng/run.sh [--rate N] [--outage-requests N | --outage-seconds N] [--edge-kills N]
using Drill;

if (args is not ["kill", .. var rest])
{
    Console.Error.WriteLine("usage: kill --edges URL,URL --key KEY --database FILE --run SCRIPT [--rate N] [--outage-requests N | --outage-seconds N] [--edge-kills N]");
    return 2;
}

return await new KillDrill(DrillOptions.Parse(rest)).RunAsync();

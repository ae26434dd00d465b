// Everything in one process, for evaluation, development and small installs. Beside that two verbs that eng/run.sh uses:
//   seed EDGE[,EDGE…]   makes the sample set-up in an empty database and leaves one enrolment token per edge
//   simulator           runs the stand-in clouds with the sample's credentials
using AllInOne;

return args switch
{
    ["seed", var edges, .. var rest] => await SeparateProcesses.SeedAsync(edges.Split(','), rest),
    ["simulator", .. var rest] => await SeparateProcesses.SimulatorAsync(rest),
    _ => await Together.RunAsync(args),
};

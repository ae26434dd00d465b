using System.Globalization;
using System.Net;
using System.Text;
using Routing.Simulator.Faults;
using Routing.Simulator.Log;

namespace Routing.Simulator.Admin;

/// <summary>A page a person can read: what is broken on purpose, and who called what.</summary>
internal static class StatusPage
{
    public static string Write(FaultBook faults, CallLog log)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Stand-in clouds</title></head><body>\n<h1>Stand-in clouds</h1>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{log.LastSeq} calls since start. Faults: <code>PUT /sim/faults/{{wire}}/{{region}}/{{model}}</code>. Log: <a href=\"/sim/log/summary\">/sim/log/summary</a>.</p>\n");
        page.Append("<h2>Faults in force</h2>\n");
        if (faults.All.Count == 0) page.Append("<p>None: every model endpoint answers as configured.</p>\n");
        else WriteFaults(page, faults.All);
        page.Append("<h2>Calls</h2>\n");
        WriteCalls(page, log.Summary());
        return page.Append("</body></html>\n").ToString();
    }

    private static void WriteFaults(StringBuilder page, IReadOnlyList<FaultState> faults)
    {
        page.Append("<table><thead><tr><th>Model endpoints</th><th>Fault</th><th>Rate</th><th>Most</th><th>Struck</th></tr></thead><tbody>\n");
        foreach (var fault in faults)
            WriteRow(page, fault.Key, FaultNames.Of(fault.Rule.Kind), fault.Rule.Rate.ToString("P0", CultureInfo.InvariantCulture),
                fault.Rule.Count?.ToString(CultureInfo.InvariantCulture) ?? "no end", fault.Struck.ToString(CultureInfo.InvariantCulture));
        page.Append("</tbody></table>\n");
    }

    private static void WriteCalls(StringBuilder page, IReadOnlyList<CallTotals> totals)
    {
        page.Append("<table><thead><tr><th>Wire</th><th>Region</th><th>Model</th><th>Outcome</th><th>Calls</th><th>Input tokens</th><th>Output tokens</th></tr></thead><tbody>\n");
        foreach (var t in totals)
            WriteRow(page, t.Wire, t.Region, t.Model, t.Outcome, t.Calls.ToString(CultureInfo.InvariantCulture),
                t.InputTokens.ToString(CultureInfo.InvariantCulture), t.OutputTokens.ToString(CultureInfo.InvariantCulture));
        page.Append("</tbody></table>\n");
    }

    // Models and regions come from callers: everything is encoded.
    private static void WriteRow(StringBuilder page, params ReadOnlySpan<string> cells)
    {
        page.Append("<tr>");
        foreach (var cell in cells) page.Append("<td>").Append(WebUtility.HtmlEncode(cell)).Append("</td>");
        page.Append("</tr>\n");
    }
}

using AllInOne.Sample;

namespace AllInOne;

/// <summary>What a newcomer needs on the first screen: where things are, how to sign in, and a call to paste.</summary>
internal static class Welcome
{
    public static void Print(Uri plane, Uri edge, Uri clouds, string? link, SampleCredentials credentials, AllInOneOptions options)
    {
        var root = plane.GetLeftPart(UriPartial.Authority);
        var signIn = link is null ? $"{root}/sign-in" : root + link;
        Console.WriteLine($$"""

              control plane     {{root}}
              edge              {{edge.GetLeftPart(UriPartial.Authority)}}
              simulated clouds  {{clouds.GetLeftPart(UriPartial.Authority)}}

              {{(link is null ? "sign in" : "create the first administrator (this link works once)")}}
              {{signIn}}

              ask a feature
              curl -s {{edge.GetLeftPart(UriPartial.Authority)}}/v1/chat/completions -H "Authorization: Bearer {{credentials.CallerKey}}" -H "Content-Type: application/json" -d '{"model":"thread-summary","messages":[{"role":"user","content":"Summarise: we ship on Friday."}]}'

              break a cloud
              PUT {{clouds.GetLeftPart(UriPartial.Authority)}}/sim/faults/…, as src/Routing.Simulator/README.md says; its x-sim-admin-key is SimulatorAdminKey in {{Path.Combine(options.DataDirectory, "sample-credentials.json")}}

              data: {{options.DataDirectory}}   {{(options.SampleTraffic ? $"sample traffic: {options.SampleRequestsPerSecond} requests/s" : "no sample traffic")}}   stop: Ctrl+C
            """);
    }
}

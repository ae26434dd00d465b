using System.Security.Cryptography;
using System.Text;

namespace Routing.LoadBench;

/// <summary>What the standalone edge needs: one feature, one caller, one OpenAI-compatible endpoint; everything on.</summary>
internal sealed record EdgeFiles(string Folder, IReadOnlyDictionary<string, string> Environment)
{
    public static EdgeFiles Write(string key, int upstreamPort)
    {
        var folder = Directory.CreateTempSubdirectory("edge-bench-").FullName;
        File.WriteAllText(Path.Combine(folder, "routing.yaml"), $$"""
            accounts:
              - id: bench
                provider: openai_compatible
                address: http://127.0.0.1:{{upstreamPort}}
                credential: { kind: api_key, fields: { key: "env:BENCH_UPSTREAM_KEY" } }
            modelEndpoints:
              - { id: bench, account: bench, model: bench }
            features:
              - name: bench
                candidates: [ { modelEndpoint: bench } ]
            callers:
              - id: load
                keys: [ { sha256: "{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}}" } ]
                features: [ "*" ]
            prices:
              - { modelEndpoint: bench, from: 2026-01-01T00:00:00Z, input: 1000000, output: 4000000 }
            """);
        return new EdgeFiles(folder, new Dictionary<string, string>(StringComparer.Ordinal) { ["BENCH_UPSTREAM_KEY"] = "upstream" });
    }

    public string[] Arguments(int port) =>
    [
        $"--Edge:Listen=http://127.0.0.1:{port}", $"--Edge:ConfigFile={Path.Combine(Folder, "routing.yaml")}",
        $"--Edge:DataDirectory={Path.Combine(Folder, "data")}", "--Edge:AllowedAddresses:0=127.0.0.1:5910",
        "--Edge:SpoolBytes=67108864", // Nobody takes the events away; with a control plane the spool is a few segments long.
    ];
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Routing.LoadBench;

/// <summary>What the standalone edge needs: one caller and a feature on each of three wires; everything on.</summary>
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
              - id: bedrock
                provider: bedrock
                address: http://127.0.0.1:{{upstreamPort}}
                credential: { kind: aws_keys, fields: { accessKeyId: "env:BENCH_UPSTREAM_KEY", secretAccessKey: "env:BENCH_UPSTREAM_KEY" } }
              - id: vertex
                provider: vertex
                project: bench
                address: http://127.0.0.1:{{upstreamPort}}
                credential: { kind: service_account_key, fields: { json: "env:BENCH_SERVICE_ACCOUNT" } }
            modelEndpoints:
              - { id: bench, account: bench, model: bench }
              - { id: bedrock, account: bedrock, region: us-east-1, model: amazon.nova-pro-v1:0 }
              - { id: vertex, account: vertex, region: us-central1, model: gemini-2.5-flash }
            features:
              - { name: bench, candidates: [ { modelEndpoint: bench } ] }
              - { name: bench-batch, lane: batch, candidates: [ { modelEndpoint: bench } ] }
              - { name: bench-bedrock, candidates: [ { modelEndpoint: bedrock } ] }
              - { name: bench-vertex, candidates: [ { modelEndpoint: vertex } ] }
            callers:
              - id: load
                keys: [ { sha256: "{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}}" } ]
                features: [ "*" ]
            prices:
              - { modelEndpoint: bench, from: 2026-01-01T00:00:00Z, input: 1000000, output: 4000000 }
              - { modelEndpoint: bedrock, from: 2026-01-01T00:00:00Z, input: 1000000, output: 4000000 }
              - { modelEndpoint: vertex, from: 2026-01-01T00:00:00Z, input: 1000000, output: 4000000 }
            """);
        return new EdgeFiles(folder, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BENCH_UPSTREAM_KEY"] = "upstream", ["BENCH_SERVICE_ACCOUNT"] = ServiceAccount(), ["Identity__GoogleTokenAddress"] = $"http://127.0.0.1:{upstreamPort}/token",
        });
    }

    private static string ServiceAccount()
    {
        using var key = RSA.Create(2048);
        return JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = "service_account", ["project_id"] = "bench", ["private_key_id"] = "bench", ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = "edge@bench.iam.gserviceaccount.com", ["client_id"] = "1", ["token_uri"] = "https://oauth2.googleapis.com/token",
        });
    }

    public string[] Arguments(int port) =>
    [
        $"--Edge:Listen=http://127.0.0.1:{port}", $"--Edge:ConfigFile={Path.Combine(Folder, "routing.yaml")}",
        $"--Edge:DataDirectory={Path.Combine(Folder, "data")}", "--Edge:AllowedAddresses:0=127.0.0.1:5910",
        "--Edge:SpoolBytes=67108864", // Nobody takes the events away; with a control plane the spool is a few segments long.
    ];
}

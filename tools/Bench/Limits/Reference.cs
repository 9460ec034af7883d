using System.Diagnostics;
using Explaino.Testing;

namespace Explaino.Bench.Limits;

/// <summary>What the gateway is held against: an upstream that answers without doing anything, and nginx before the same service.</summary>
internal static class Reference
{
    public static async Task StartAsync(BenchSystem system)
    {
        var configuration = Path.Combine(BenchSystem.State, "nginx.conf");
        await File.WriteAllTextAsync(configuration, NginxConfiguration(system));
        await ChildProcess.StartAsync(new ProcessStartInfo(Nginx, ["-c", configuration]), deathSignal: "TERM");
        await ChildProcess.StartAsync(new ProcessStartInfo(ServiceProcess.Dotnet, [typeof(Reference).Assembly.Location, "bare", system.Address("bare").AbsoluteUri]));
    }

    /// <summary>The bare upstream as one more route of the gateway.</summary>
    public static void AddTo(Dictionary<string, string?> settings, Uri bare)
    {
        settings["ReverseProxy:Routes:bare:ClusterId"] = "bare";
        settings["ReverseProxy:Routes:bare:Match:Path"] = "/bare/{**rest}";
        settings["ReverseProxy:Routes:bare:RateLimiterPolicy"] = "client";
        settings["ReverseProxy:Clusters:bare:Destinations:bare:Address"] = "http://bare";
        settings["services:bare:http:0"] = bare.AbsoluteUri.TrimEnd('/');
    }

    // Debian keeps it where only root looks.
    private static string Nginx => File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";

    private static string NginxConfiguration(BenchSystem system) =>
        $$"""
        daemon off;
        pid {{BenchSystem.State}}/nginx.pid;
        error_log {{BenchSystem.State}}/nginx-error.log;
        worker_processes auto;
        events { worker_connections 1024; }
        http {
            access_log off;
            keepalive_requests 1000000000;
            upstream identity { server 127.0.0.1:{{system.Port("identity")}}; keepalive 64; keepalive_requests 1000000000; }
            server {
                listen 127.0.0.1:{{system.Port("nginx")}};
                location /pictures/ { root {{BenchSystem.State}}; }
                location / { proxy_pass http://identity; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; }
            }
        }

        """;
}

using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Explaino.Gateway.Forwarding;

/// <summary>Sends a request that failed to another instance, where that cannot do anything twice, and says 503 when none is left.</summary>
/// <remarks>
/// Runs before the load balancer, which narrows the instances to one:
/// 1. the balancer picks an instance, YARP forwards; 2. without a failure that is all;
/// 3. a request that was never sent, or an idempotent one without a body (a body is streamed, and gone), goes to one of the others;
/// 4. when there is no other, or no second try is allowed, the client hears 503 with <c>Retry-After</c>, whatever it was.
/// </remarks>
internal sealed class Failover(RequestDelegate next, ILogger<Failover> logger)
{
    public static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsOptions(method);

    public async Task InvokeAsync(HttpContext http)
    {
        var proxy = http.GetReverseProxyFeature();
        var instances = proxy.AvailableDestinations;

        await next(http);

        while (http.GetForwarderErrorFeature() is { } failure)
        {
            if (http.RequestAborted.IsCancellationRequested)
            {
                if (!http.Response.HasStarted)
                {
                    http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                }

                return;
            }

            // Below 500 it was the client's body that could not be read.
            if (http.Response.HasStarted || http.Response.StatusCode < StatusCodes.Status500InternalServerError)
            {
                return;
            }

            logger.LogWarning(
                failure.Exception,
                "{Instance} did not answer a {Method}: {Error}",
                proxy.ProxiedDestination?.DestinationId ?? proxy.Cluster.Config.ClusterId,
                http.Request.Method,
                failure.Error);

            instances = [.. instances.Where(instance => instance != proxy.ProxiedDestination)];
            if (instances.Count == 0 || !MayGoElsewhere(http, failure))
            {
                await AnswerUnavailableAsync(http);
                return;
            }

            http.Response.Clear();
            http.Features.Set<IForwarderErrorFeature>(null);
            proxy.AvailableDestinations = instances;
            await next(http);
        }
    }

    private static bool MayGoElsewhere(HttpContext http, IForwarderErrorFeature failure) =>
        failure.WasNeverSent()
        || (IsIdempotent(http.Request.Method)
            && failure.Error is ForwarderError.Request or ForwarderError.ResponseHeaders or ForwarderError.ResponseBodyDestination
            && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false });

    private static Task AnswerUnavailableAsync(HttpContext http)
    {
        http.Response.Clear();
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, ProblemCodes.Unavailable, "The service behind this call is away; try again.")
            .RetryAfter(TimeSpan.FromSeconds(1))
            .ExecuteAsync(http);
    }
}

namespace Explaino.ServiceData;

/// <summary>
/// Work loop of a background worker: it works until there is nothing left, then waits for a wake, or for the pause after which it looks for what other
/// processes left. What fails is tried again after the pause.
/// </summary>
public sealed class WorkLoop(WakeSignal signal, TimeSpan pause, TimeProvider clock)
{
    /// <param name="work">Does what there is, and says whether there may be more right now.</param>
    /// <param name="failed">Told what it failed with.</param>
    /// <param name="stoppingToken">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, Task<bool>> work, Action<Exception> failed, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await work(stoppingToken))
                {
                    await signal.WaitAsync(pause, clock, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                failed(e);
                await Task.Delay(pause, clock, stoppingToken);
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Explaino.Testing;

/// <summary>Finds loopback ports for servers that must know theirs before they start, and keep them over a restart.</summary>
public static class FreePorts
{
    // Below the ports that Linux gives to outgoing connections, so that none of those takes one in between.
    private const int First = 20_000;
    private const int Last = 32_000;

    /// <summary>The first of so many free ports in a row.</summary>
    public static int Find(int count = 1)
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            if (Enumerable.Range(port, count).All(IsFree))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

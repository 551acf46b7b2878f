using ChatOps.Sandbox.World;

namespace ChatOps.Peers;

/// <summary>Ports nobody listens on at this moment; who starts a server must still expect to lose the race for one.</summary>
public static class Loopback
{
    public static int[] FreePorts(int count) => [.. Enumerable.Range(0, count).Select(_ => UnusedPort.Next())];
}

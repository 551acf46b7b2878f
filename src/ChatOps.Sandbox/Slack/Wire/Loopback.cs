namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>The sandbox talks to this machine only, whatever it was told.</summary>
internal static class Loopback
{
    public static void Require(Uri url)
    {
        if (!url.IsLoopback)
        {
            throw new InvalidOperationException($"The sandbox talks to loopback addresses only, and {url.Host} is none.");
        }
    }
}

using System.Runtime.CompilerServices;

namespace ChatOps.Sandbox.Tests.Slack;

/// <summary>Runs where tests/run.sh has installed Slack's own clients; elsewhere it says that it did not.</summary>
internal sealed class OracleFactAttribute : FactAttribute
{
    public OracleFactAttribute()
    {
        if (!Directory.Exists(Path.Combine(Folder(), "node_modules")))
        {
            Skip = "Slack's own clients are not installed: npm ci in tests/oracles/slack, or run tests/run.sh.";
        }
    }

    public static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../oracles/slack"));
}

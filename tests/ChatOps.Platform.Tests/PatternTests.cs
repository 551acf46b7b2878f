using System.Reflection;
using System.Text.RegularExpressions;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests;

public class PatternTests
{
    /// <summary>A match is timed by the clock on the wall, and a container that is throttled stands still for a tenth of a second. None may go on for ever either.</summary>
    [Fact]
    public void No_pattern_gives_up_because_the_machine_is_busy_or_never()
    {
        var impatient =
            from type in typeof(ArgoCdReconciler).Assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            from pattern in method.GetCustomAttributes<GeneratedRegexAttribute>()
            where pattern.MatchTimeoutMilliseconds is > 0 and < 1000 || (pattern.MatchTimeoutMilliseconds <= 0 && !pattern.Options.HasFlag(RegexOptions.NonBacktracking))
            select $"{type.Name}.{method.Name}";

        Assert.Empty(impatient);
    }
}

using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// A sync window of somebody's as a command that takes it out: we may write none but our own, and at 02:00 nobody should look
/// for it in an editor. Windows have no names, so it goes by place, and is refused where another stands there. Pure.
/// </summary>
internal static class WindowCommand
{
    /// <summary>Chats cut what is longer, and half a command is none.</summary>
    private const int Longest = 1200;

    /// <param name="window">The whole of it, as JSON.</param>
    /// <returns>Null where it is too long.</returns>
    public static string? TakeOut(string ns, string project, int at, string window)
    {
        var path = $"/spec/syncWindows/{at}";
        var patch = Typed($$"""[{"op":"test","path":"{{path}}","value":{{ServerTexts.Written(window)}}},{"op":"remove","path":"{{path}}"}]""");
        var command = $"kubectl patch appprojects.argoproj.io {HandPatch.Word(project)} --namespace {HandPatch.Word(ns)} --type json --patch {HandPatch.Quoted(patch)}";
        return command.Length <= Longest ? command : null;
    }

    /// <summary>
    /// A chat takes out what nobody sees, so that is escaped; but kubectl reads a list as YAML, which takes no half of a
    /// character. It writes all of it anew as servers write texts, and the test compares those.
    /// </summary>
    private static string Typed(string json) => string.Concat(json.Select(unit => unit <= '~' || char.IsSurrogate(unit) ? $"{unit}" : $"\\u{(int)unit:x4}"));
}

using ChatOps.Core;
using ChatOps.Server.CommandLine;

namespace ChatOps.Server.Tests.CommandLine;

public class CliTests
{
    private readonly List<string> served = [];

    private Terminal Everything(params Finding[] findings) => new(
        new Serve((words, _) =>
        {
            served.Add(string.Join(' ', words));
            return Task.FromResult(ExitCode.Good);
        }),
        new Doctor(() => [new("Slack", _ => Task.FromResult<IReadOnlyList<Finding>>(findings))], overSocket => overSocket ? "socket_mode_enabled: true" : "url: https", TimeProvider.System),
        new Rbac((to, _) => to.WriteLineAsync("kind: Role"), _ => Task.FromResult<IReadOnlyList<Finding>>(findings)),
        new PolicyCheck(_ => Task.FromResult<IReadOnlyList<Finding>>(findings)),
        new PolicyExplain((user, command, _) => Task.FromResult(new PolicyAnswer(user == "alice", [$"{user}: {command}"]))),
        new AuditVerify(() => new Books(), () => []),
        new IncidentExport(() => new Books()),
        new StorageBackup((_, _) => Task.CompletedTask),
        new StorageRestore((_, _) => throw new IOException("The store is in use by process 42: stop the server first.")));

    [Theory]
    [InlineData("", 0)]
    [InlineData("serve", 0)]
    [InlineData("--Web:Urls=http://127.0.0.1:1", 0)]
    [InlineData("help", 0)]
    [InlineData("doctor", 0)]
    [InlineData("doctor --json", 0)]
    [InlineData("doctor --slack-manifest", 0)]
    [InlineData("doctor --slack-manifest socket", 0)]
    [InlineData("rbac", 0)]
    [InlineData("rbac --check", 0)]
    [InlineData("policy check", 0)]
    [InlineData("policy explain alice pause checkout for 1h", 0)]
    [InlineData("audit verify", 0)]
    [InlineData("serve now", 2)]
    [InlineData("doctor who", 2)]
    [InlineData("doctor --slack-manifest mail", 2)]
    [InlineData("rbac --chekc", 2)]
    [InlineData("policy", 2)]
    [InlineData("policy check all", 2)]
    [InlineData("policy explain alice", 2)]
    [InlineData("audit verify seven", 2)]
    [InlineData("audit verify 7 --head", 2)]
    [InlineData("audit verify 7 --head abc", 2)]
    [InlineData("audit verify --head 0123456789ab", 2)]
    [InlineData("incident export", 2)]
    [InlineData("storage backup", 2)]
    [InlineData("storage restore /nowhere/at/all", 2)]
    [InlineData("policy explain mallory pause checkout for 1h", 1)]
    [InlineData("audit verify 7", 1)]
    [InlineData("incident export 7", 1)]
    public async Task Every_call_ends_in_its_exit_code(string line, int expected)
    {
        var terminal = Everything();

        Assert.Equal(expected, await terminal.RunAsync(line));

        Assert.True(expected != 2 || terminal.Out.ToString().Length == 0, "a misuse writes nothing that a pipe could take for a result");
        Assert.Equal(expected == 2, terminal.Error.ToString().Contains("sage", StringComparison.Ordinal) || terminal.Error.ToString().Contains("does not exist", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docter", "doctor")]
    [InlineData("dcotor", "doctor")]
    [InlineData("audit verfiy", "audit verify")]
    [InlineData("policy explian alice pause", "policy explain")]
    [InlineData("storage bakcup x", "storage backup")]
    [InlineData("rback", "rbac")]
    public async Task A_mistyped_command_gets_the_one_that_was_meant(string line, string meant)
    {
        var terminal = Everything();

        Assert.Equal(2, await terminal.RunAsync(line));
        Assert.Contains($"Did you mean: {meant}?", terminal.Error.ToString());
    }

    [Fact]
    public async Task Something_quite_different_gets_the_usage_and_no_guess()
    {
        var terminal = Everything();

        Assert.Equal(2, await terminal.RunAsync("frobnicate"));
        Assert.DoesNotContain("Did you mean", terminal.Error.ToString());
        Assert.Contains("incident export <number>", terminal.Error.ToString());
    }

    [Fact]
    public async Task Settings_on_the_command_line_reach_the_server()
    {
        await Everything().RunAsync("serve --Web:Urls=http://127.0.0.1:1");

        Assert.Equal(["--Web:Urls=http://127.0.0.1:1"], served);
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("rbac --check")]
    [InlineData("policy check")]
    public async Task What_is_wrong_is_listed_with_its_fix_and_exits_1(string line)
    {
        var terminal = Everything(new Finding(true, "token works", ""), new Finding(false, "scope pins:write is missing", "Add it and reinstall the app."));

        Assert.Equal(1, await terminal.RunAsync(line));
        Assert.Contains("✓ token works", terminal.Out.ToString());
        Assert.Matches("✗ scope pins:write is missing\\r?\\n      Add it and reinstall the app.", terminal.Out.ToString());
    }

    [Fact]
    public async Task An_outage_is_a_sentence_and_not_a_stack_trace()
    {
        var terminal = Everything();
        var file = Path.GetTempFileName();

        Assert.Equal(1, await terminal.RunAsync($"storage restore {file}"));
        Assert.Equal("storage restore could not finish: The store is in use by process 42: stop the server first.", terminal.Error.ToString().Trim());
        File.Delete(file);
    }

    [Fact]
    public async Task A_backup_never_overwrites_a_file()
    {
        var file = Path.GetTempFileName();

        Assert.Equal(2, await Everything().RunAsync($"storage backup {file}"));
        File.Delete(file);
    }

    [Fact]
    public async Task Doctor_goes_on_when_one_part_fails()
    {
        var terminal = new Terminal(new Doctor(
            () =>
            [
                new("Slack", _ => throw new InvalidOperationException("boom")),
                new("Argo CD", _ => Task.FromResult<IReadOnlyList<Finding>>([new(true, "answers", "")])),
            ],
            _ => "",
            TimeProvider.System));

        Assert.Equal(1, await terminal.RunAsync("doctor"));
        Assert.Contains("✗ Could not be looked at: boom", terminal.Out.ToString());
        Assert.Contains("✓ answers", terminal.Out.ToString());
    }
}

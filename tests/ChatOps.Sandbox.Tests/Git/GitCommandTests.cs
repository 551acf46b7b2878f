using ChatOps.Sandbox.Git;

namespace ChatOps.Sandbox.Tests.Git;

public sealed class GitCommandTests
{
    [Fact]
    public async Task Somebody_elses_repository_in_the_environment_is_not_the_one_we_write_to()
    {
        var folder = Directory.CreateTempSubdirectory("chatops-git-").FullName;
        var theirs = Path.Combine(folder, "theirs");
        Environment.SetEnvironmentVariable("GIT_DIR", theirs);
        try
        {
            var ours = Directory.CreateDirectory(Path.Combine(folder, "ours")).FullName;
            await GitCommand.RunAsync(ours, CancellationToken.None, "init", "--quiet");

            Assert.True(Directory.Exists(Path.Combine(ours, ".git")));
            Assert.False(Directory.Exists(theirs));
        }
        finally
        {
            Environment.SetEnvironmentVariable("GIT_DIR", null);
            Directory.Delete(folder, recursive: true);
        }
    }
}

using ChatOps.Core.Records;
using ChatOps.Storage.Tests.LiteDb;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatOps.Storage.Tests;

public sealed class RegistrationTests : IDisposable
{
    private readonly TempStore temp = new();

    [Fact]
    public async Task The_store_opens_where_the_configuration_says_and_closes_with_the_container()
    {
        await using (var services = Services(("Provider", "LiteDb"), ("LiteDb:Path", temp.Path)))
        {
            Assert.Empty(await services.GetRequiredService<IRecords>().IncidentsAsync(onlyOpen: false, CancellationToken.None));
            Assert.True(File.Exists(temp.Path));
        }

        temp.Open().Dispose(); // nobody holds it any more
    }

    [Theory]
    [InlineData("Postgres", "chatops.db", "does not have yet. Set it to LiteDb")]
    [InlineData("7", "chatops.db", "not one that this version knows")]
    [InlineData("LiteDb", "", "Storage:LiteDb:Path is not set")]
    [InlineData("LiteDb", "/", "a directory. Name a file in it")]
    public async Task A_store_that_cannot_be_is_refused_with_what_to_set(string provider, string path, string why)
    {
        await using var services = Services(("Provider", provider), ("LiteDb:Path", path));

        var refused = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IRecords>);

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => temp.Dispose();

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>($"Storage:{setting.Key}", setting.Value))).Build();
        return new ServiceCollection().AddStorage(configuration).BuildServiceProvider();
    }
}

using System.Text.Json;
using ChatOps.Server.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Server.Tests.Configuration;

public class JsonLogTests
{
    private static string Written(string message, Exception? exception = null)
    {
        using var writer = new StringWriter();
        KeyValuePair<string, object?>[] state = [new("Value", message), new("{OriginalFormat}", "said {Value}")];
        var entry = new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(LogLevel.Warning, "ChatOps.Some", default, state, exception, (_, _) => $"said {message}");
        new JsonLog(new FakeTimeProvider(Some.Now)).Write(entry, null, writer);
        return writer.ToString();
    }

    [Fact]
    public void A_line_is_one_json_object_with_time_level_message_and_values()
    {
        var line = Written("two\nlines \"quoted\"");

        Assert.EndsWith("\n", line);
        Assert.DoesNotContain('\n', line.TrimEnd());
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal("2026-11-23T14:00:00.000Z", json.GetProperty("at").GetString());
        Assert.Equal("Warning", json.GetProperty("level").GetString());
        Assert.Equal("said two\nlines \"quoted\"", json.GetProperty("message").GetString());
        Assert.Equal("two\nlines \"quoted\"", json.GetProperty("values").GetProperty("Value").GetString());
    }

    [Theory]
    [InlineData("xoxb-", "1111-2222-abcdefGHIJ")]
    [InlineData("xapp-", "1-A0123-4567-abcdef")]
    [InlineData("https://hooks.slack.com/", "commands/T1/123/SECRETPART")]
    [InlineData("wss://wss-primary.slack.com/", "link/?ticket=SECRETPART")]
    [InlineData("https://chatops.example.org/sign-in/", "CfDJ8SECRETPART")]
    [InlineData("Authorization: Bearer ", "abcdef123456SECRETPART")]
    [InlineData("ghp_", "abcdefghij0123456789")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.", "eyJzdWIiOiJib3QifQ.c2lnbmF0dXJl")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----", "MIIEpAIBAAKCAQEA")]
    public void What_looks_like_a_credential_reaches_no_line(string prefix, string secret)
    {
        var line = Written($"calling {prefix}{secret} now", new HttpRequestException($"refused: {prefix}{secret}"));

        Assert.DoesNotContain(secret, line);
        Assert.Contains("[redacted]", line);
        Assert.Contains("calling", line);
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", false)]
    [InlineData("Microsoft.AspNetCore.DataProtection.Repositories.FileSystemXmlRepository", true)]
    [InlineData("ChatOps.Server.Workers.OutboxWorker", true)]
    public void A_warning_of_what_is_meant_to_be_so_is_not_written(string category, bool written)
    {
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddJsonLogs().BuildServiceProvider();

        Assert.Equal(written, services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(LogLevel.Warning));
    }

    [Fact]
    public void Ordinary_words_stay_as_they_are()
    {
        var words = "paused prod/argocd/checkout for alice: https://argocd.example.org/applications/argocd/checkout, operation 019ab2, head 0123456789ab";

        Assert.Contains(words, Written(words));
    }
}

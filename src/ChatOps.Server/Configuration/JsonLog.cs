using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ChatOps.Server.Configuration;

/// <summary>One JSON object a line: time in UTC, level, category, message, its values, its exception, all redacted.</summary>
internal sealed class JsonLog(TimeProvider time) : ConsoleFormatter(FormatName)
{
    public const string FormatName = "chatops";

    // Only what JSON itself demands is escaped: people read these lines too.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("at", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", logEntry.LogLevel.ToString());
            json.WriteString("from", logEntry.Category);
            json.WriteString("message", Redaction.Clean(logEntry.Formatter(logEntry.State, logEntry.Exception)));
            WriteValues(json, logEntry.State);
            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exception", Redaction.Clean(exception.ToString()));
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteValues<TState>(Utf8JsonWriter json, TState state)
    {
        if (state is not IReadOnlyCollection<KeyValuePair<string, object?>> { Count: > 1 } values)
        {
            return;
        }

        json.WriteStartObject("values");
        foreach (var (name, value) in values.Where(pair => pair.Key != "{OriginalFormat}"))
        {
            json.WriteString(name, Redaction.Clean(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        }

        json.WriteEndObject();
    }
}

/// <summary>Logging, composed.</summary>
public static class Logs
{
    public static IServiceCollection AddJsonLogs(this IServiceCollection services) => services.AddQuietPaths().AddLogging(logging =>
    {
        logging.ClearProviders();
        logging.AddConsole(console => console.FormatterName = JsonLog.FormatName);
        logging.AddConsoleFormatter<JsonLog, ConsoleFormatterOptions>();
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // It warns of each new key that it lies unencrypted. It does, in a directory that nobody else may read, as docs/install.md says.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
    });
}

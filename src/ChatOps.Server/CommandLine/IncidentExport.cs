using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChatOps.Core.Records;
using ChatOps.Server.Web;

namespace ChatOps.Server.CommandLine;

/// <summary>Writes everything that the books hold on one incident, as JSON, to standard output.</summary>
public sealed class IncidentExport(Func<IRecords> records)
    : CliCommand("incident export", "<number>", "write one incident with its timeline, operations and leases as JSON")
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public override async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Output output, CancellationToken ct)
    {
        if (arguments is not [var word] || !int.TryParse(word.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Misused(output, "incident export needs the number of an incident.");
        }

        if (await IncidentRecord.ReadAsync(records(), number, ct) is not { } record)
        {
            await output.Error.WriteLineAsync($"There is no incident #{number}.");
            return ExitCode.FoundSomething;
        }

        await output.Out.WriteLineAsync(JsonSerializer.Serialize(
            new { format = 1, incident = record.Incident, timeline = TimelineJson.Of(record), operations = record.Operations, leases = record.Leases }, Json));
        return ExitCode.Good;
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChatOps.Distill;

/// <summary><c>dotnet run --project tests/tools/ChatOps.Distill -- HISTORIES GOLDEN [name …]</c> writes one golden file for each recording named; 1 when a state has no name.</summary>
internal static class Program
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static int Main(string[] arguments)
    {
        if (arguments.Length < 2)
        {
            Console.Error.WriteLine("usage: ChatOps.Distill HISTORIES GOLDEN [name ...]");
            return 2;
        }

        var failed = 0;
        foreach (var path in Directory.EnumerateFiles(arguments[0], "*.jsonl").Order(StringComparer.Ordinal))
        {
            var recording = Path.GetFileNameWithoutExtension(path);
            if (arguments.Length > 2 && !arguments.Skip(2).Contains(recording))
            {
                continue;
            }

            try
            {
                foreach (var round in Recording.Read(path).Rounds())
                {
                    File.WriteAllText(Path.Combine(arguments[1], round.Name + ".json"), new Distiller(round).Distill().ToJsonString(Readable) + "\n");
                }
            }
            catch (UnnamedStateException problem)
            {
                Console.Error.WriteLine($"{recording}: {problem.Message}");
                failed = 1;
            }
        }

        return failed;
    }
}

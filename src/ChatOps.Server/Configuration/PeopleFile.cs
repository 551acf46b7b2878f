using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChatOps.Core;
using ChatOps.Core.People;

namespace ChatOps.Server.Configuration;

/// <summary>
/// The mapping file of <c>Identity:PeopleFile</c>: all of it counts, or what counted before. It may be replaced or half
/// written at any moment, so what cannot be read, is not right by itself, or contradicts the configuration changes nobody.
/// </summary>
public sealed class PeopleFile
{
    /// <summary>Thousands of people; more is another file.</summary>
    private const int MostBytes = 4_000_000;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate,
        NumberHandling = JsonNumberHandling.Strict,
    };

    private readonly IdentityOptions identity;
    private readonly Lock oneAtATime = new();
    private string? tried;

    public PeopleFile(IdentityOptions identity)
    {
        this.identity = identity;
        Register = identity.ToRegister();
        Look();
    }

    /// <summary>Everybody of the configuration and of this file; who is only in the file is somebody from the start.</summary>
    public Register Register { get; }

    /// <summary>Whether there is one at all.</summary>
    public bool IsSet => identity.PeopleFile.Length > 0;

    /// <summary>What is wrong with the file as it is; empty while it is what counts.</summary>
    public IReadOnlyList<Finding> Faults { get; private set; } = [];

    /// <summary>How many people of it count, now or still.</summary>
    public int Counting { get; private set; }

    /// <summary>Reads it if it is another than at the last look. True: it was.</summary>
    public bool Look()
    {
        if (!IsSet)
        {
            return false;
        }

        lock (oneAtATime)
        {
            var (bytes, unreadable) = Bytes();
            var content = bytes is null ? unreadable!.What : Convert.ToHexString(SHA256.HashData(bytes));
            if (content == tried)
            {
                return false;
            }

            tried = content;
            var (people, faults) = bytes is null ? ([], [unreadable!]) : Read(bytes);
            Faults = faults.Count > 0 ? faults : [.. IdentityCheck.Faults(identity.People, people, identity.PeopleFile)];
            if (Faults.Count == 0)
            {
                Register.Replace([.. identity.People.Select(person => person.ToPerson()), .. people.Select(person => person.ToPerson(Recognition.MappingFile))]);
                Counting = people.Count;
            }

            return true;
        }
    }

    private (byte[]? Bytes, Finding? Fault) Bytes()
    {
        try
        {
            using var file = new FileStream(identity.PeopleFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes)
            {
                return (null, Wrong($"{identity.PeopleFile} has {file.Length} bytes", $"Keep it under {MostBytes}."));
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return (bytes, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, Wrong($"{identity.PeopleFile} cannot be read: {e.Message}", "Mount it where Identity:PeopleFile says, readable by this program."));
        }
    }

    private (IReadOnlyList<PersonOptions> People, IReadOnlyList<Finding> Faults) Read(byte[] bytes)
    {
        try
        {
            var people = JsonSerializer.Deserialize<List<PersonOptions?>>(bytes, Strict);
            return people is null || people.Contains(null)
                ? ([], [Wrong($"{identity.PeopleFile} is not a list of people", "Write a JSON array of what stands in Identity:People.")])
                : ([.. people.OfType<PersonOptions>()], []);
        }
        catch (JsonException e)
        {
            // Where, and not what: the message can quote what stands there.
            return ([], [Wrong($"{identity.PeopleFile} is no JSON list of people, at {e.Path ?? "$"}, line {e.LineNumber + 1}", "Write a JSON array of what stands in Identity:People; a name is misspelt or twice, or a value has the wrong form.")]);
        }
    }

    private static Finding Wrong(string what, string fix) => new(false, what, fix);
}

using ChatOps.Core;

namespace ChatOps.Server.Configuration;

/// <summary>The configuration cannot be started with. The message lists everything that is wrong, each with its fix.</summary>
public sealed class SettingsException(IReadOnlyList<Finding> faults)
    : Exception("The configuration is not right:" + string.Concat(faults.Select(fault => $"{Environment.NewLine}  ✗ {fault.What}{Environment.NewLine}      {fault.Fix}")))
{
    public IReadOnlyList<Finding> Faults { get; } = faults;
}

/// <summary>Reads sections and collects what is wrong with all of them before anything starts.</summary>
public sealed class Settings(IConfiguration configuration)
{
    private readonly List<Finding> faults = [];

    public IReadOnlyList<Finding> Faults => faults;

    /// <summary>Reads a section; a misspelt or malformed setting is a fault, not a default.</summary>
    public T Read<T>(string section, Func<T, IEnumerable<Finding>> check)
        where T : new()
    {
        try
        {
            var options = configuration.GetSection(section).Get<T>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new T();
            faults.AddRange(check(options).Where(finding => !finding.Ok));
            return options;
        }
        catch (InvalidOperationException e)
        {
            faults.Add(new(false, $"{section}: {Sentence(e)}", "Compare with appsettings.example.json: a name is misspelt, or a value has the wrong form."));
            return new T();
        }
    }

    /// <summary>What somebody else found in their own sections.</summary>
    public void Blame(IEnumerable<Finding> found) => faults.AddRange(found.Where(finding => !finding.Ok));

    /// <summary>Throws with all faults of all sections read so far.</summary>
    public void ThrowIfWrong()
    {
        if (faults.Count > 0)
        {
            throw new SettingsException(faults);
        }
    }

    /// <summary>Section <c>Web</c>; the keys live beside the database unless told otherwise.</summary>
    public WebOptions Web() => Read<WebOptions>("Web", web =>
    {
        if (web.DataProtectionPath.Length == 0 && Path.GetDirectoryName(configuration["Storage:LiteDb:Path"]) is { Length: > 0 } beside)
        {
            web.DataProtectionPath = Path.Combine(beside, "keys");
        }

        return WebCheck.Faults(web);
    });

    public IReadOnlyList<ChannelOptions> Channels() => Read<List<ChannelOptions>>("Channels", ChannelOptions.Faults);

    public IdentityOptions Identity() => Read<IdentityOptions>("Identity", IdentityCheck.Faults);

    /// <summary>The binder quotes a value that does not convert, and values can be secret: only the setting's name is kept.</summary>
    private static string Sentence(InvalidOperationException e)
    {
        if (e.InnerException is null)
        {
            return e.Message;
        }

        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            var path = cause.Message.LastIndexOf(" at '", StringComparison.Ordinal);
            if (path >= 0)
            {
                return $"the value at {cause.Message[(path + 5)..].Split('\'')[0]} has the wrong form";
            }
        }

        return "a value has the wrong form";
    }
}

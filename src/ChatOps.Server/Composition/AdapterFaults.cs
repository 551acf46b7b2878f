using ChatOps.Chat.Slack;
using ChatOps.Core;
using ChatOps.Server.Examinations;
using ChatOps.Storage;
using Microsoft.Extensions.Options;

namespace ChatOps.Server.Composition;

/// <summary>What is wrong with the sections that the adapters read themselves, so that one start tells everything.</summary>
internal static class AdapterFaults
{
    public static IReadOnlyList<Finding> Of(IConfiguration configuration) =>
    [
        .. In("Storage", new ServiceCollection().AddStorage(configuration)),
        .. In("Slack", new ServiceCollection().AddSlack(configuration)),
        .. CommandServices.PlatformFaults(configuration),
    ];

    /// <summary>One by one: a value that cannot even be read ends the validation of what comes after it.</summary>
    private static IReadOnlyList<Finding> In(string section, IServiceCollection adapter)
    {
        try
        {
            using var parts = adapter.BuildServiceProvider();
            parts.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (OptionsValidationException one)
        {
            return UnusableConfiguration.Findings(one);
        }
        catch (AggregateException several)
        {
            return [.. several.InnerExceptions.SelectMany(UnusableConfiguration.Findings)];
        }
        catch (InvalidOperationException e)
        {
            // The binder quotes values that do not convert, and values can be secret.
            var what = e.InnerException is null ? e.Message : "a value has the wrong form";
            return [Finding.Problem($"{section}: {what}", "Compare with appsettings.example.json: a name is misspelt, or a value has the wrong form.")];
        }
    }
}

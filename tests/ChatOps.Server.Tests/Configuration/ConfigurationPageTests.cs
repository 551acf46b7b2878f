using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ChatOps.Chat.Slack;
using ChatOps.Core.Policy;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Signals;
using ChatOps.Server.Alerts;
using ChatOps.Server.Configuration;
using ChatOps.Storage;

namespace ChatOps.Server.Tests.Configuration;

/// <summary>docs/configuration.md is written from the classes that the settings are read into; whoever adds one says there what it means.</summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly (string Section, Type Options)[] Sections =
    [
        ("Slack", typeof(SlackOptions)), ("Clusters[]", typeof(ClusterOptions)), ("ArgoCd[]", typeof(ArgoCdOptions)), ("Storage", typeof(StorageOptions)),
        ("Web", typeof(WebOptions)), ("Identity", typeof(IdentityOptions)), ("Policy", typeof(PolicyConfiguration)), ("Channels[]", typeof(ChannelOptions)),
        ("Alertmanager", typeof(AlertmanagerOptions)), ("Signals", typeof(SignalsOptions)),
    ];

    private static readonly Dictionary<string, XElement> Written = Directory.EnumerateFiles(AppContext.BaseDirectory, "ChatOps.*.xml")
        .SelectMany(file => XDocument.Load(file).Descendants("member"))
        .GroupBy(member => member.Attribute("name")!.Value)
        .ToDictionary(members => members.Key, members => members.First());

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "ChatOps.sln")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }

    private static string Page => Path.Combine(Root, "docs", "configuration.md");

    [Fact]
    public void The_page_is_what_the_classes_say()
    {
        var generated = Markdown();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(Page, generated);
        }

        Assert.True(File.Exists(Page) && File.ReadAllText(Page) == generated, "docs/configuration.md is not what the classes of the settings say: run the tests once with UPDATE_DOCS=1");
    }

    [Fact]
    public void Each_setting_says_what_it_means() =>
        Assert.Empty(Sections.SelectMany(section => Settings(section.Section, section.Options)).Where(setting => setting.Meaning.Length == 0).Select(setting => setting.Key));

    private static string Markdown()
    {
        var page = new StringBuilder("""
            # Settings

            Written from the code; a test fails when the two differ. Settings come from `appsettings.json` beside the program, the mounted file
            (`/etc/chatops/appsettings.json`, or what `CHATOPS_CONFIG` names), mounted secrets (`/var/run/secrets/chatops`, or `CHATOPS_SECRETS`: one file
            each, named `Slack__BotToken`), the environment (`Slack__BotToken`) and the command line (`--Slack:BotToken=…`); the later wins. `[]` stands for
            a list: `Clusters[]:Name` is `Clusters:0:Name` in a file name or a variable, with `__` for each colon. A name that is not here is refused at the start.

            """);
        foreach (var (section, options) in Sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {section.TrimEnd('[', ']')}\n\n{Summary($"T:{options.FullName}")}\n\n| Setting | Default | |\n|---|---|---|\n");
            foreach (var (key, standard, meaning) in Settings(section, options))
            {
                page.Append(CultureInfo.InvariantCulture, $"| `{key}` | {standard} | {meaning} |\n");
            }
        }

        return page.ToString();
    }

    private static IEnumerable<(string Key, string Default, string Meaning)> Settings(string section, Type options)
    {
        var standard = Activator.CreateInstance(options);
        foreach (var property in options.GetProperties().Where(property => property.SetMethod is not null))
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var item = type.IsGenericType && type.GetGenericArguments() is [var only] ? only : null;
            var key = $"{section}:{property.Name}{(item is null ? "" : "[]")}";
            yield return (key, Standard(property.GetValue(standard)), Summary($"P:{options.FullName}.{property.Name}"));
            if ((item ?? type) is { IsClass: true } inner && inner.Namespace!.StartsWith("ChatOps", StringComparison.Ordinal))
            {
                foreach (var deeper in Settings(key, inner))
                {
                    yield return deeper;
                }
            }
        }
    }

    private static string Standard(object? value) => value switch
    {
        null or "" or false => "",
        TimeSpan { Ticks: 0 } => "",
        string text => $"`{text}`",
        IEnumerable list => string.Join(' ', list.Cast<object>().Where(one => one is string).Select(one => $"`{one}`")),
        _ when value.GetType() is { IsClass: true } => "",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    /// <summary>A summary as one line of Markdown.</summary>
    private static string Summary(string member)
    {
        if (!Written.TryGetValue(member, out var found) || found.Element("summary") is not { } summary)
        {
            return "";
        }

        var words = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.')[^1]}`",
            _ => node.ToString(SaveOptions.DisableFormatting),
        }));
        return Space().Replace(words, " ").Trim().Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}

using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;

namespace ChatOps.Server.Configuration;

/// <summary>
/// Where settings come from, weakest first: appsettings.json beside the program, the mounted file, mounted secrets (one
/// file each, named <c>Slack__BotToken</c>), the environment, the command line.
/// </summary>
public static class ConfigurationFiles
{
    public const string DefaultFile = "/etc/chatops/appsettings.json";
    public const string DefaultSecrets = "/var/run/secrets/chatops";

    /// <summary>A path that was asked for (<c>CHATOPS_CONFIG</c>, <c>CHATOPS_SECRETS</c>) must be there; the default ones may be missing.</summary>
    public static void AddMountedFiles(this IConfigurationBuilder configuration, string? file, string? secrets)
    {
        var path = Path.GetFullPath(file ?? DefaultFile);
        var directory = Path.GetFullPath(secrets ?? DefaultSecrets);
        if (secrets is not null && !Directory.Exists(directory))
        {
            throw new SettingsException([new(false, $"CHATOPS_SECRETS names {directory}, which is not there", "Mount the Secret there, or unset the variable.")]);
        }

        if (file is not null && !File.Exists(path))
        {
            throw new SettingsException([new(false, $"CHATOPS_CONFIG names {path}, which is not there", "Mount the ConfigMap there, or unset the variable.")]);
        }

        var at = configuration.Sources.ToList().FindLastIndex(source => source is JsonConfigurationSource) + 1;
        if (File.Exists(path))
        {
            var json = new JsonConfigurationSource { Path = Path.GetFileName(path), FileProvider = new PhysicalFileProvider(Path.GetDirectoryName(path)!), Optional = false };
            configuration.Sources.Insert(at++, json);
        }

        if (Directory.Exists(directory))
        {
            configuration.Sources.Insert(at, new KeyPerFileConfigurationSource { FileProvider = new PhysicalFileProvider(directory), Optional = true });
        }
    }
}

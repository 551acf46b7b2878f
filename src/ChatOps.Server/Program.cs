using System.Runtime.InteropServices;
using ChatOps.Server.CommandLine;
using ChatOps.Server.Composition;
using ChatOps.Server.Configuration;

namespace ChatOps.Server;

internal sealed class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        string[] settings = [.. args.Where(word => word.StartsWith("--", StringComparison.Ordinal))];
        await using var commands = new ServerCommands(
            () => ServerHost.Build(Configured(settings)), () => CommandServices.Build(Configured(settings).Configuration, TimeProvider.System), TimeProvider.System)
        {
            Readable = () => Readable(settings),
        };
        return await new Cli(commands.All).RunAsync(args, new Output(Console.Out, Console.Error), stop.Token);
    }

    private static WebApplicationBuilder Configured(string[] settings)
    {
        // Settings are checked once, at the start: none may change afterwards unseen, and nothing has to watch the folder.
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. settings]);
        builder.Configuration.AddMountedFiles(Environment.GetEnvironmentVariable("CHATOPS_CONFIG"), Environment.GetEnvironmentVariable("CHATOPS_SECRETS"));
        builder.Services.AddJsonLogs();
        return builder;
    }

    /// <summary>All of the configuration, or what is left of it when a file of it is none: how the cluster is reached may stand elsewhere.</summary>
    private static IConfiguration Readable(string[] settings)
    {
        try
        {
            return Configured(settings).Configuration;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or SettingsException)
        {
            return new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(settings).Build();
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}

using ChatOps.Platform.ArgoCd.Views;

namespace ChatOps.Platform.ArgoCd;

/// <summary>The API of each Argo CD that a token is configured for.</summary>
internal sealed class ArgoCdApis(TimeProvider time)
{
    /// <summary>Null where none is.</summary>
    public ArgoCdApi? Of(ArgoCdOptions engine) => engine is { ComparesItself: true, Server: { } server }
        ? new ArgoCdApi(server, engine.Token, new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }), time)
        : null;
}

namespace ChatOps.Server.Configuration;

/// <summary>Who is who, for the server and for its commands.</summary>
internal static class IdentityRegistration
{
    public static IServiceCollection AddIdentity(this IServiceCollection services, IdentityOptions identity) => services.AddIdentity(_ => identity);

    /// <summary>Read when it is needed: a command that needs nobody works with a wrong section too.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services, Func<IServiceProvider, IdentityOptions> read) => services
        .AddSingleton(read)
        .AddSingleton(provider => provider.GetRequiredService<IdentityOptions>().ToEmailRule())
        .AddSingleton<PeopleFile>()
        .AddSingleton(provider => provider.GetRequiredService<PeopleFile>().Register);
}

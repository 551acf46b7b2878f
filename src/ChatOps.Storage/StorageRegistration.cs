using ChatOps.Core.Records;
using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChatOps.Storage;

public static class StorageRegistration
{
    /// <summary>The books, opened when first asked for and closed with the container. Ask for them at the start, so that a store that is refused stops it.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection("Storage")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => LiteDbRecords.Open(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.LiteDb.Path, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRecords>(provider => provider.GetRequiredService<LiteDbRecords>());
        return services;
    }
}

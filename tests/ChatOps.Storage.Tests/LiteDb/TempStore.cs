using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Storage.Tests.LiteDb;

/// <summary>A directory of its own for one test.</summary>
internal sealed class TempStore : IDisposable
{
    public TempStore() => Directory = System.IO.Directory.CreateTempSubdirectory("chatops-").FullName;

    public string Directory { get; }

    public string Path => System.IO.Path.Combine(Directory, "chatops.db");

    public string Log => System.IO.Path.Combine(Directory, "chatops-log.db");

    public FakeTimeProvider Time { get; } = new(Some.Now);

    public LiteDbRecords Open() => LiteDbRecords.Open(Path, Time);

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}

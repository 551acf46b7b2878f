using ChatOps.Core.Records;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Storage.Tests.LiteDb;

public sealed class LiteDbRecordsTests : RecordsContract, IDisposable
{
    private readonly TempStore temp = new();
    private readonly LiteDbRecords records;

    public LiteDbRecordsTests() => records = temp.Open();

    protected override IRecords Records => records;

    public void Dispose()
    {
        records.Dispose();
        temp.Dispose();
    }
}

using System.Collections.Concurrent;
using ChatOps.Core.Grants;
using ChatOps.Core.Records;
using ChatOps.Storage.Documents;
using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>
/// The rows of one opened file with their catalogue and counts. Changed only by the writer, inside its transaction; after
/// a rollback a new one is loaded.
/// </summary>
internal sealed class Books
{
    private readonly LiteDatabase file;
    private BooksPart changed;

    private Books(LiteDatabase file, StoreState state)
    {
        this.file = file;
        State = state;
    }

    /// <summary>Open grants as they were read: whoever ends them asks for all of them at every change.</summary>
    private readonly ConcurrentDictionary<string, Grant> open = new(StringComparer.Ordinal);

    public StoreState State { get; }

    public Catalogue Catalogue { get; } = new();

    /// <summary>Rows changed so far: tells whether a step failed before or after it wrote.</summary>
    public int Writes { get; private set; }

    /// <summary>What was changed since somebody asked last.</summary>
    public BooksPart TakeChanged()
    {
        var parts = changed;
        changed = BooksPart.None;
        return parts;
    }

    /// <summary>Reads and checks every row. Throws <see cref="DamagedException"/> when one is missing or not what was written.</summary>
    public static Books Load(LiteDatabase file)
    {
        var state = StoreState.Read(file);
        if (state is null && file.GetCollectionNames().Any())
        {
            throw new DamagedException("the row that counts the others is gone");
        }

        var books = new Books(file, state ?? StoreState.New());
        foreach (var shelf in Shelf.All)
        {
            var rows = file.GetCollection(shelf);
            var count = 0L;
            foreach (var row in rows.FindAll())
            {
                Row.Checked(row, shelf);
                if (rows.FindById(row["_id"]) is null)
                {
                    throw new DamagedException($"row {row["_id"]} of {shelf} is not found under its own id");
                }

                books.Catalogue.Put(shelf, row);
                count++;
            }

            if (count != books.State.CountOf(shelf))
            {
                throw new DamagedException($"{shelf} has {count} rows, and {books.State.CountOf(shelf)} were written");
            }
        }

        return books;
    }

    public BsonDocument? Find(string shelf, BsonValue id) =>
        file.GetCollection(shelf).FindById(id) is { } row ? Row.Checked(row, shelf) : null;

    public T? Read<T>(string shelf, BsonValue id)
        where T : class, IDocument =>
        Find(shelf, id) is { } row ? DocumentJson.Read<T>(row[Row.Body].AsString, $"{shelf} {id}") : null;

    public Grant? Grant(string id)
    {
        if (open.TryGetValue(id, out var known))
        {
            return known;
        }

        var grant = Read<GrantDocument>(Shelf.Grants, id)?.ToGrant();
        return grant is { IsUnsettled: true } ? open.GetOrAdd(id, grant) : grant;
    }

    /// <summary>Rows of a range of ids, in order.</summary>
    public IEnumerable<T> Range<T>(string shelf, BsonValue from, BsonValue to)
        where T : class, IDocument =>
        file.GetCollection(shelf).Find(Query.Between("_id", from, to)).OrderBy(row => row["_id"])
            .Select(row => DocumentJson.Read<T>(Row.Checked(row, shelf)[Row.Body].AsString, $"{shelf} {row["_id"]}"));

    public void Put<T>(string shelf, BsonValue id, T document, params IEnumerable<KeyValuePair<string, BsonValue>> columns)
        where T : IDocument
    {
        var row = Row.Of(id, DocumentJson.Write(document), columns);
        Writes++;
        changed |= Shelf.PartOf(shelf);
        if (shelf == Shelf.Grants)
        {
            open.TryRemove(id.AsString, out _);
        }

        if (file.GetCollection(shelf).Upsert(row))
        {
            State.Count(shelf, 1);
        }

        Catalogue.Put(shelf, row);
    }

    /// <summary>A document whose id is known to be new.</summary>
    public void Add<T>(string shelf, BsonValue id, T document, params IEnumerable<KeyValuePair<string, BsonValue>> columns)
        where T : IDocument
    {
        var row = Row.Of(id, DocumentJson.Write(document), columns);
        Writes++;
        changed |= Shelf.PartOf(shelf);
        file.GetCollection(shelf).Insert(row);
        State.Count(shelf, 1);
        Catalogue.Put(shelf, row);
    }

    /// <summary>The state alone was changed.</summary>
    public void Touch()
    {
        Writes++;
        changed |= BooksPart.Others;
    }

    public void Remove(string shelf, BsonValue id)
    {
        if (Find(shelf, id) is { } row)
        {
            Writes++;
            changed |= Shelf.PartOf(shelf);
            file.GetCollection(shelf).Delete(id);
            State.Count(shelf, -1);
            Catalogue.Remove(shelf, row);
        }
    }
}

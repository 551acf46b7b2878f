using ChatOps.Core.Timeline;
using CsCheck;

namespace ChatOps.Core.Tests.Timeline;

public class ChainTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private static readonly Gen<TimelineEntry[]> Chains =
        Gen.Select(Gen.Enum<TimelineKind>(), Gen.OneOf(Gen.Const("alice"), Gen.Const("bob"), Gen.Const(""), Gen.Const("1:2;")), Gen.String[0, 20], Gen.Bool, Gen.Int[0, 9]).Array[2, 12].Select(rows =>
        {
            var chain = new List<TimelineEntry>();
            foreach (var (kind, by, text, subject, seconds) in rows)
            {
                var entry = new TimelineEntry(7, chain.Count + 1, At.AddSeconds(seconds), At.AddSeconds(9), kind, by, text, subject ? Guid.AllBitsSet : null, "");
                chain.Add(entry with { Hash = Chain.HashOf(chain is [.., var last] ? last.Hash : Chain.Root(7), entry) });
            }

            return chain.ToArray();
        });

    /// <summary>The format is part of every stored record: this value never changes.</summary>
    [Fact]
    public void The_hash_of_an_entry_is_what_it_has_always_been()
    {
        var entry = new TimelineEntry(7, 1, At, At.AddSeconds(1), TimelineKind.Note, "alice", "zwölf: 12;", Guid.Parse("0192f000-0000-7000-8000-000000000001"), "");

        Assert.Equal("79f775ce5314f2c9a3c2dce71c4b6a3d62606b9bcbcacdb5226d644f04c7d781", Chain.HashOf(Chain.Root(7), entry));
    }

    [Fact]
    public void A_chain_as_written_has_no_fault() =>
        Chains.Sample(chain => Assert.Empty(Chain.Faults(7, chain, chain.Length, chain[^1].Hash)));

    [Fact]
    public void Every_edit_of_one_field_is_found() => Gen.Select(Chains, Gen.Int[0, 11], Gen.Int[0, 8]).Sample((chain, which, field) =>
    {
        var at = which % chain.Length;
        chain[at] = Edited(chain[at], field);

        Assert.NotEmpty(Chain.Faults(7, chain, chain.Length, chain[^1].Hash));
    });

    [Fact]
    public void Every_dropped_doubled_or_moved_entry_is_found() => Gen.Select(Chains, Gen.Int[0, 11], Gen.Int[0, 2]).Sample((chain, which, how) =>
    {
        var at = which % chain.Length;
        TimelineEntry[] changed = how switch
        {
            0 => [.. chain[..at], .. chain[(at + 1)..]],
            1 => [.. chain[..at], chain[at], chain[at], .. chain[(at + 1)..]],
            _ => [.. chain[1..], chain[0]],
        };

        // The count too is rewritten: only the head that people saw in the thread is not in reach.
        Assert.NotEmpty(Chain.Faults(7, changed, changed.Length, chain[^1].Hash));
    });

    [Fact]
    public void An_end_that_was_cut_off_is_found_by_the_count_and_by_the_head() => Chains.Sample(chain =>
    {
        Assert.NotEmpty(Chain.Faults(7, chain[..^1], chain.Length, chain[^1].Hash));
        Assert.NotEmpty(Chain.Faults(7, chain[..^1], chain.Length - 1, Chain.Abbreviate(chain[^1].Hash)));
        Assert.NotEmpty(Chain.Faults(7, [], 0, chain[^1].Hash));
    });

    [Fact]
    public void The_record_of_one_incident_does_not_pass_for_that_of_another() => Chains.Sample(chain =>
    {
        var renamed = chain.Select(entry => entry with { Incident = 8 }).ToArray();

        Assert.NotEmpty(Chain.Faults(8, chain, chain.Length, chain[^1].Hash));
        Assert.NotEmpty(Chain.Faults(8, renamed, chain.Length, chain[^1].Hash));
    });

    [Fact]
    public void A_record_written_anew_from_some_entry_on_does_not_end_in_the_head_that_was_announced() => Gen.Select(Chains, Gen.Int[0, 11]).Sample((chain, which) =>
    {
        var head = Chain.Abbreviate(chain[^1].Hash);
        for (var i = which % chain.Length; i < chain.Length; i++)
        {
            var entry = chain[i] with { Text = chain[i].Text + "!" };
            chain[i] = entry with { Hash = Chain.HashOf(i == 0 ? Chain.Root(7) : chain[i - 1].Hash, entry) };
        }

        Assert.Single(Chain.Faults(7, chain, chain.Length, head));
    });

    [Fact]
    public void A_head_too_short_to_mean_anything_is_no_proof() =>
        Chains.Sample(chain => Assert.NotEmpty(Chain.Faults(7, chain, chain.Length, chain[^1].Hash[..4])));

    private static TimelineEntry Edited(TimelineEntry entry, int field) => field switch
    {
        0 => entry with { Incident = 8 },
        1 => entry with { Number = entry.Number + 1 },
        2 => entry with { At = entry.At.AddMilliseconds(1) },
        3 => entry with { LearnedAt = entry.LearnedAt.AddMilliseconds(-1) },
        4 => entry with { Kind = entry.Kind == TimelineKind.Note ? TimelineKind.Paused : TimelineKind.Note },
        5 => entry with { By = entry.By + "x" },
        6 => entry with { Text = entry.Text + " " },
        7 => entry with { Subject = entry.Subject is null ? Guid.Empty : null },
        _ => entry with { Hash = new string('0', 64) },
    };
}

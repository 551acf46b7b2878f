using ChatOps.Core.Grants;
using ChatOps.Core.Records;

namespace ChatOps.Storage.Tests;

/// <content>Break-glass access.</content>
public abstract partial class RecordsContract
{
    [Fact]
    public async Task A_grant_comes_back_as_it_was_stored()
    {
        var grant = Some.Grant(Guid.CreateVersion7(Some.Now)) with { EndBegunAt = Some.Now.AddMinutes(20) };

        await Records.CommitAsync(new Changes().Save(grant), Ct);

        AssertSame(grant with { Version = 1 }, await Records.FindGrantAsync(grant.Id, Ct));
        Assert.Null(await Records.FindGrantAsync(Guid.NewGuid(), Ct));
    }

    [Fact]
    public async Task Grants_with_something_left_to_do_are_found_and_those_of_an_incident()
    {
        var ids = Enumerable.Range(0, 4).Select(one => Guid.CreateVersion7(Some.Now.AddMinutes(one))).ToList();
        await Records.CommitAsync(
            new Changes()
                .Save(Some.Grant(ids[0]))
                .Save(Some.Grant(ids[1], state: GrantState.Ended) with { Proof = GrantProof.NoMoreThanBefore })
                .Save(Some.Grant(ids[2], incident: 8, GrantState.Ended) with { StartedAt = Some.Now.AddMinutes(1) })
                .Save(Some.Grant(ids[3], state: GrantState.Void)),
            Ct);

        Assert.Equal([ids[0], ids[2]], (await Records.UnsettledGrantsAsync(Ct)).Select(grant => grant.Id));
        Assert.Equal([ids[0], ids[1], ids[3]], (await Records.GrantsAsync(7, Ct)).Select(grant => grant.Id));
    }

    [Fact]
    public async Task What_was_done_with_a_grant_comes_back_as_it_was_stored_and_is_found_until_it_is_settled()
    {
        var (first, second) = (Some.Use(Guid.CreateVersion7(Some.Now)), Some.Use(Guid.CreateVersion7(Some.Now)) with { IsSettled = true });

        await Records.CommitAsync(new Changes().Save(first).Save(second), Ct);

        AssertSame(first with { Version = 1 }, Assert.Single(await Records.LiveUsesAsync(Ct)));
        AssertSame(second with { Version = 1 }, await Records.FindUseAsync(second.Grant, Ct));
        Assert.Null(await Records.FindUseAsync(Guid.NewGuid(), Ct));
        await Assert.ThrowsAsync<StaleRecordException>(() => Records.CommitAsync(new Changes().Save(first), Ct));
    }

    [Fact]
    public async Task Of_two_that_give_what_both_counted_as_free_one_is_stale_and_stores_nothing()
    {
        var (first, second) = (Some.Grant(Guid.CreateVersion7(Some.Now)), Some.Grant(Guid.CreateVersion7(Some.Now)));
        var of = Allowance.OfPerson("anna");
        Assert.Null(await Records.FindAllowanceAsync(of, Ct));

        await Records.CommitAsync(new Changes().Save(first).Save(new Allowance(of, [first.Id])), Ct);

        await Assert.ThrowsAsync<StaleRecordException>(() => Records.CommitAsync(new Changes().Save(second).Save(new Allowance(of, [second.Id])), Ct));
        Assert.Null(await Records.FindGrantAsync(second.Id, Ct));
        var stored = await Records.FindAllowanceAsync(of, Ct);
        Assert.Equal(new Allowance(of, [first.Id]) { Version = 1 }, stored);
        await Records.CommitAsync(new Changes().Save(second).Save(stored! with { Grants = [first.Id, second.Id] }), Ct);
        Assert.Equal(2, (await Records.FindAllowanceAsync(of, Ct))!.Grants.Count);
    }

    [Fact]
    public async Task A_grant_that_is_over_never_revives()
    {
        var grant = Some.Grant(Guid.CreateVersion7(Some.Now), state: GrantState.Ended);
        await Records.CommitAsync(new Changes().Save(grant), Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Records.CommitAsync(new Changes().Save(grant with { Version = 1, State = GrantState.Active }), Ct));
        await Assert.ThrowsAsync<StaleRecordException>(() => Records.CommitAsync(new Changes().Save(grant), Ct));
    }
}

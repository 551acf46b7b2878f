using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using CsCheck;

namespace ChatOps.Core.Tests.AnyOrder;

/// <summary>
/// Whatever people, time, the cluster and a dying process do to break-glass access, in whatever order: nothing that is over
/// revives, nobody has access without an approved grant that lives, and none outlives its moment in a cluster that answers.
/// </summary>
public class AccessInAnyOrderTests
{
    private static readonly (ClusterAnswerKind Kind, bool Done)[] Troubles =
    [
        (ClusterAnswerKind.Unknown, true), (ClusterAnswerKind.Unknown, false), (ClusterAnswerKind.Unavailable, false), (ClusterAnswerKind.Busy, false),
        (ClusterAnswerKind.Forbidden, false), (ClusterAnswerKind.Moved, false),
    ];

    private static readonly Gen<(Act Act, int A, int B)[]> Stories = Gen.Select(
        Gen.Frequency((5, Gen.Const(Act.Request)), (6, Gen.Const(Act.Approve)), (6, Gen.Const(Act.Wait)), (16, Gen.Enum<Act>())), Gen.Int[0, 11], Gen.Int[0, 11]).Array[5, 50];

    public enum Act
    {
        Request,
        Approve,
        ApproveOwn,
        Deny,
        Withdraw,
        Extend,
        Done,
        Revoke,
        Wait,
        WaitLong,
        ClusterFails,
        Die,
        EditPolicy,
        LoseRole,
        RegainRole,
        SomebodyDeletesIt,
        SomebodyMovesItsEnd,
        Sweep,
        ApproveForLess,
        EditLimits,
        ChangeIdentity,
        OtherReplicaIsFaster,
        GoSilent,
        AnswerAgain,
        RefuseOne,
        GiveLate,
        EndLate,
        RemoveFromPolicy,
        RestorePolicy,
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nothing_revives_nothing_is_open_without_a_grant_and_nothing_outlives_its_moment(int quorum) =>
        Stories.Sample(steps => new Play(quorum).RunAsync(steps).GetAwaiter().GetResult(), iter: long.TryParse(Environment.GetEnvironmentVariable("CHATOPS_STORIES"), out var many) ? many : 400);

    private sealed class DiedException : Exception;

    private sealed class Play(int quorum)
    {
        private readonly Dictionary<Guid, GrantState> over = [];
        private readonly Dictionary<Guid, OperationState> decided = [];
        private World world = null!;
        private int dieIn = -1;
        private bool diesAfter;
        private bool isDead;
        private bool otherIsFaster;
        private bool isLate;

        public async Task RunAsync((Act Act, int A, int B)[] steps)
        {
            world = await World.WithIncidentAsync();
            NeedsQuorum(world.Policy);
            world.Access.OnGive = Authorised;
            world.ArgoCd.OnGive = Authorised;
            world.WholeCluster.OnGive = Authorised;
            world.Accounts.OnGive = Authorised;
            world.Records.BeforeCommit = async _ =>
            {
                if (isDead || (!diesAfter && dieIn-- == 0))
                {
                    isDead = true;
                    throw new DiedException();
                }

                if (otherIsFaster && !isLate)
                {
                    otherIsFaster = false;
                    await world.WorkAsync();
                }
            };
            world.Records.AfterCommit = changes =>
            {
                foreach (var grant in changes.Grants)
                {
                    WithinLimits(grant);
                    Assert.True(!over.TryGetValue(grant.Id, out var ended) || ended == grant.State, $"{ended} became {grant.State}");
                    if (!grant.IsLive)
                    {
                        over[grant.Id] = grant.State;
                    }
                }

                foreach (var operation in changes.Operations)
                {
                    Assert.True(!decided.TryGetValue(operation.Id, out var ended) || ended == operation.State, $"{ended} became {operation.State}");
                    if (operation.IsTerminal)
                    {
                        decided[operation.Id] = operation.State;
                    }
                }

                if (diesAfter && dieIn-- == 0)
                {
                    isDead = true;
                    throw new DiedException(); // it is stored, and nobody hears of that
                }
            };
            foreach (var (act, a, b) in steps)
            {
                await SurviveAsync(() => DoAsync(act, a, b));
                await SurviveAsync(world.WorkAsync);
                await CheckAsync();
            }

            await SettleAsync();
        }

        private async Task DoAsync(Act act, int a, int b)
        {
            var (who, app) = (a % 2 == 0 ? "alice" : "anna", b % 2 == 0 ? "shop-a" : "shop-b");
            var open = world.Records.AllGrants.Where(grant => grant.IsLive).ToList();
            var one = open.Count == 0 ? null : open[b % open.Count];
            switch (act)
            {
                case Act.Request: await world.SayAsync(who, "breakglass", $"request {app} as {((a + b) % 4 == 0 ? "node-viewer" : (a + b) % 3 == 0 ? "observer" : "editor")} for {1 + (b * 4)}m because pods crashloop"); break;
                case Act.Approve: await PressAsync(a % 3 == 0 ? "carol" : "bob", ChoiceKind.Approve, b); break;
                case Act.ApproveOwn: await PressAsync(who, ChoiceKind.Approve, b); break;
                case Act.Deny: await PressAsync("bob", ChoiceKind.Deny, b); break;
                case Act.Withdraw: await PressAsync(who, ChoiceKind.Withdraw, b); break;
                case Act.Extend when one is not null: await world.SayAsync(one.Person, "breakglass", $"extend {one.ShortId} by {1 + a}m"); break;
                case Act.Done: await world.SayAsync(who, "breakglass", "done"); break;
                case Act.Revoke when one is not null: await world.SayAsync(a % 3 == 0 ? "eve" : "bob", "breakglass", $"revoke {one.ShortId}"); break;
                case Act.Wait: world.Time.Advance(TimeSpan.FromSeconds(7 + (a * b * 5))); break;
                case Act.WaitLong: world.Time.Advance(TimeSpan.FromMinutes(40)); break;
                case Act.ClusterFails: Somewhere(b).NextWrites.Enqueue(Troubles[a % Troubles.Length]); break;
                case Act.Die: (dieIn, diesAfter) = (a % 4, b % 2 == 1); break;
                case Act.EditPolicy: world.Restart(policy => policy.Version = $"{b}"); break;
                case Act.LoseRole: world.Chat.Groups[a % 2 == 0 ? "G-on-call" : "G-commander"].Remove(a % 2 == 0 ? "U-alice" : "U-bob"); break;
                case Act.RegainRole: Regain(); break;
                case Act.SomebodyDeletesIt when one is not null: Of(one).Objects.RemoveAll(found => found.Grant == one.Id); break;
                case Act.SomebodyMovesItsEnd when one is not null: Move(one, a); break;
                case Act.ApproveForLess: await ForLessAsync(a % 3 == 0 ? "carol" : "bob", 1 + a, b); break;
                case Act.EditLimits: (world.Policy.BreakGlass.MostPerPerson, world.Policy.BreakGlass.MostPerApplication) = (1 + (a % 3), 1 + (b % 4)); break;
                case Act.ChangeIdentity: Rename(who, b % 4); break;
                case Act.OtherReplicaIsFaster: otherIsFaster = true; break;
                case Act.Sweep: await world.SweepAsync(); break;
                case Act.GoSilent: Somewhere(b).Silent = true; break;
                case Act.AnswerAgain: Array.ForEach(All, Mend); break;
                case Act.RefuseOne when one is not null: Of(one).Refuses.Add(one.Id); break;
                case Act.GiveLate: LateOnce(a, late => Somewhere(b).OnTheWay = late); break;
                case Act.EndLate: LateOnce(a, late => Somewhere(b).OnTheWayBack = late); break;
                case Act.RemoveFromPolicy: world.Restart(policy => Remove(policy, a % 5)); break;
                case Act.RestorePolicy: Restore(); break;
            }
        }

        /// <summary>A role, a rule, a namespace, a cluster or all of it, while somebody has access by it.</summary>
        private void Remove(PolicyConfiguration policy, int what)
        {
            var glass = policy.BreakGlass;
            switch (what)
            {
                case 0 when glass.Roles.Count > 0: glass.Roles.RemoveAt(0); break;
                case 1: policy.Rules.RemoveAll(rule => rule.Access.Count > 0); break;
                case 2: glass.Namespaces.ForEach(scope => scope.Names.Clear()); break;
                case 3: glass.Namespaces.Clear(); glass.ClusterWideIn.Clear(); break;
                default: glass.Roles.Clear(); glass.AccountsIn = ""; break;
            }

            Array.ForEach(All, port => port.IsGiven = glass.Namespaces.Count > 0);
        }

        private void Restore()
        {
            Array.ForEach(All, port => port.IsGiven = true);
            world.Restart(policy =>
            {
                World.GiveAccess(policy);
                NeedsQuorum(policy);
            });
        }

        private void NeedsQuorum(PolicyConfiguration policy) =>
            policy.Rules.Where(rule => rule.Access.Count > 0).ToList().ForEach(rule => rule.Approvals!.Count = quorum);

        private static void Mend(ModelAccess port)
        {
            port.Silent = false;
            port.Refuses.Clear();
        }

        /// <summary>The request is on its way while time passes, and while another replica does what is due then.</summary>
        private void LateOnce(int a, Action<Func<Task>?> set) => set(async () =>
        {
            set(null);
            isLate = true; // this process waits for its request: only the other one does anything
            try
            {
                world.Time.Advance(TimeSpan.FromSeconds(1 + (a * a * 20)));
                await world.OtherReplicaWorksOnGrantsAsync();
            }
            finally
            {
                isLate = false;
            }
        });

        private ModelAccess Somewhere(int b) => (b % 5) switch { 0 => world.ArgoCd, 1 => world.WholeCluster, 2 => world.Accounts, _ => world.Access };

        private ModelAccess Of(Grant grant) => All.Single(access => access.Kind == grant.Kind);

        private ModelAccess[] All => [world.Access, world.ArgoCd, world.WholeCluster, world.Accounts];

        private void Regain()
        {
            world.Chat.Groups["G-on-call"].Add("U-alice");
            world.Chat.Groups["G-commander"].Add("U-bob");
        }

        private void Move(Grant grant, int a)
        {
            var objects = Of(grant).Objects;
            var at = objects.FindIndex(found => found.Grant == grant.Id);
            if (at >= 0)
            {
                objects[at] = objects[at] with { ExpiresAt = a % 3 == 0 ? null : world.Now.AddDays(a - 6) };
            }
        }

        private async Task PressAsync(string person, ChoiceKind kind, int b)
        {
            await world.PostAllAsync();
            var choices = world.Records.Choices.Where(choice => choice.Kind == kind).ToList();
            if (choices.Count > 0)
            {
                await world.PressAsync(person, choices[^(1 + (b % Math.Min(choices.Count, 3)))]);
            }
        }

        /// <summary>Whoever is nobody, or another one in the clusters, from now on.</summary>
        private void Rename(string who, int how) => world.Register.Replace([
            .. world.Register.People.Where(person => person.Name != who),
            .. how == 0 ? Array.Empty<Person>() : [new Person(who, [World.Account(who)]) { KubernetesUser = how == 1 ? null : $"{who}@example.org{how}", ArgoCdUser = $"{who}@login{how}" }]]);

        private async Task ForLessAsync(string person, int minutes, int b)
        {
            var asked = world.Chat.Dialogs.Count;
            await PressAsync(person, ChoiceKind.ApproveForLess, b);
            await world.PostAllAsync();
            if (world.Chat.Dialogs.Count > asked)
            {
                await world.AnswerAsync(person, ("for", $"{minutes}m"));
            }
        }

        private async Task SurviveAsync(Func<Task> step)
        {
            try
            {
                await step();
            }
            catch (StaleRecordException)
            {
                // The other replica was faster; what was said is not, here. What is due is the next round's.
                await world.WorkAsync();
            }
            catch (DiedException)
            {
                (dieIn, isDead) = (-1, false);
                world.Restart();
                await world.WorkAsync();
            }
        }

        /// <summary>In the moment in which access is given.</summary>
        private void Authorised(AuthorizedGrant authorized)
        {
            var operation = world.Records.AllOperations.Single(one => one.Id == authorized.Grant.Operation);
            Assert.Equal(OperationState.Running, operation.State);
            Assert.True(operation.Approvals.Select(approval => approval.Person).Distinct().Count() >= operation.Authority.ApprovalsNeeded && operation.Authority.ApprovalsNeeded > 0, "not approved by enough people");
            Assert.All(operation.Approvals, approval => Assert.Equal(operation.Plan.Hash, approval.PlanHash));
            Assert.All(operation.Approvals, approval => Assert.True(approval.AtMost is not { } most || authorized.Grant.EndsAt <= operation.StateSince + most, "longer than an approver gave"));
            Assert.True(authorized.Grant.EndsAt <= operation.StateSince + operation.Duration, "longer than was asked for");
            var person = world.Register.Find(authorized.Grant.Person);
            Assert.NotNull(person);
            Assert.Equal(
                authorized.Grant.Kind switch
                {
                    GrantKind.ArgoCdRole => person.ArgoCdUser,
                    GrantKind.ServiceAccount => $"system:serviceaccount:{authorized.Grant.Scope.Accounts}:{authorized.Grant.ObjectName}",
                    GrantKind.RoleBinding or GrantKind.ClusterRoleBinding => person.KubernetesUser,
                },
                authorized.Grant.Subject);
            Assert.DoesNotContain(operation.Approvals, approval => approval.Person == operation.RequestedBy);
            Assert.True(authorized.Grant.EndsAt > world.Now, "given after its end");
            Assert.True(authorized.Grant.EndsAt <= authorized.Grant.Latest, "longer than the rule allows");
        }

        /// <summary>In the moment in which it is written down.</summary>
        private void WithinLimits(Grant grant)
        {
            if (grant.Version > 0 || world.Records.AllOperations.Single(one => one.Id == grant.Operation).Plan.Work is GrantWork { Continues: not null })
            {
                return;
            }

            var glass = world.Policy.BreakGlass;
            var live = world.Records.AllGrants.Where(one => one.IsLive).DistinctBy(one => (one.Person, one.Target, one.Role, one.FirstStartedAt)).ToList();
            Assert.True(live.Count(one => one.Person == grant.Person) <= glass.MostPerPerson, "more grants than one person may have");
            Assert.True(live.Count(one => one.Target == grant.Target) <= glass.MostPerApplication, "more grants than one application may have");
        }

        private async Task CheckAsync()
        {
            EndedAsOne();
            if (All.SelectMany(access => access.Objects).Any(one => !Behind(one).IsLive))
            {
                // What came late to a grant that was over, and could not be taken back at once, is the sweep's.
                await SurviveAsync(() => world.SweepAsync());
            }

            foreach (var (access, one) in All.SelectMany(access => access.Objects.Select(one => (access, one))))
            {
                var grant = Behind(one);
                var isKept = access.Silent || access.Refuses.Contains(grant.Id);
                Assert.True(grant.IsLive || isKept, $"{one.Subject} has access by a grant that is {grant.State}");
                Assert.True(world.Now < grant.EndsAt || isKept || WaitsAfterNo(grant), $"{one.Subject} has access {world.Now - grant.EndsAt} after its moment, in a cluster that answers");
            }
        }

        /// <summary>Whoever gives access back, or takes it from somebody, means all of it.</summary>
        private void EndedAsOne()
        {
            foreach (var ended in world.Records.AllGrants.Where(grant => grant.EndedBy is not (null or "chatops")))
            {
                Assert.DoesNotContain(world.Records.AllGrants, other => other.IsOpen && other.Row == ended.Row && other.StartedAt < ended.EndBegunAt);
            }
        }

        private Grant Behind(FoundGrant found) => world.Records.AllGrants.Single(grant => grant.Id == found.Grant);

        /// <summary>The cluster said no to this very end a moment ago.</summary>
        private bool WaitsAfterNo(Grant grant) => grant is { Attempts: > 0, NextAttemptAt: { } next } && next > world.Now && next - world.Now <= Backoff.After(int.MaxValue);

        private async Task SettleAsync()
        {
            (dieIn, isDead) = (-1, false);
            Array.ForEach(All, access => access.NextWrites.Clear());
            Array.ForEach(All, Mend);
            world.Restart(); // under whatever policy is left: an end needs none
            for (var round = 0; round < 40; round++)
            {
                world.Time.Advance(TimeSpan.FromMinutes(round < 10 ? 1 : 20));
                await world.WorkAsync();
                await world.SweepAsync();
            }

            Assert.All(All, access => Assert.Empty(access.Objects));
            Assert.DoesNotContain(world.Records.AllGrants, grant => grant.IsUnsettled);
        }
    }
}

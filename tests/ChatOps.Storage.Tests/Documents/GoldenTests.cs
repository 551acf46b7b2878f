using System.Runtime.CompilerServices;
using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.Refreshing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Operations.Terminating;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Storage.Documents;

namespace ChatOps.Storage.Tests.Documents;

/// <summary>
/// The stored format, a file per kind of document. A difference means that stores out there cannot be read any more:
/// give the document a new version, and read the old one. CHATOPS_GOLDEN=write writes the files.
/// </summary>
public class GoldenTests
{
    private static readonly Guid Id = new("01920000-0000-7000-8000-000000000001");
    private static readonly HandleSeal Seal = new(new byte[32]);


    [Fact]
    public void An_incident_is_stored_like_this() => Same("incident", IncidentDocument.From(Some.Incident(), 3));

    [Fact]
    public void An_operation_is_stored_like_this() => Same("operation", OperationDocument.From(Some.Operation(Id) with { Lease = Id }, 3));

    [Fact]
    public void A_vote_for_less_time_by_a_rule_for_known_people_is_stored_like_this() => Same("operation-for-less", OperationDocument.From(
        Some.Operation(Id) with { Lease = Id, Approvals = [new("cleo", "hash", Some.Now) { AtMost = TimeSpan.FromMinutes(15), KnownBy = Core.People.Recognition.Configured }], Authority = Some.Operation(Id).Authority with { KnownByAtLeast = Core.People.Recognition.MappingFile } }, 3));

    /// <summary>From a store of the first release, which knew only pauses; the votes in it still fit its plan.</summary>
    [Fact]
    public void An_operation_of_version_1_is_still_read()
    {
        var read = DocumentJson.Read<OperationDocument>(File.ReadAllText(Path.Combine(Folder(), "operation-v1.json")), "operation").ToOperation();

        Assert.Equal(read.Plan.Hash, Assert.Single(read.Approvals).PlanHash);
        Assert.Equal(
            DocumentJson.Write(OperationDocument.From(Some.Operation(Id) with { Lease = Id, Progress = null, AskAgainAt = null, OfferedAloneAt = null, RequesterKnownBy = null }, 3)),
            DocumentJson.Write(OperationDocument.From(read, 3)));
    }

    public static TheoryData<string, PlannedWork> Works => new()
    {
        { "pause", new PauseWork(PauseMechanism.SwitchOff, new("/spec/syncPolicy/automated", "{}", null)) },
        { "pause-only", new PauseWork(PauseMechanism.Fields, new("/spec/ignoreDifferences", "[]", null)) { Only = Some.Fields } },
        { "join", new JoinWork(PauseMechanism.SwitchOff, new("/spec/syncPolicy/automated", "{}", null), Id, EndedSync: true) },
        { "join-again", new JoinWork(PauseMechanism.SwitchOff, new("/spec/syncPolicy/automated", "{}", null), Id, EndedSync: false) { Since = Some.Now } },
        { "join-only", new JoinWork(PauseMechanism.Fields, new("/spec/ignoreDifferences", "[]", null), Id, EndedSync: false) { Only = Some.Fields, Since = Some.Now } },
        { "refresh", new RefreshWork(Hard: true) },
        { "sync", new SyncWork(["c0ffee", "1.2.3"], true, true, [new("apps", "Deployment", "shop", "checkout")], true, true, ["CreateNamespace=true"]) { Source = "5eed" } },
        { "sync-entry", new SyncWork(["c0ffee", "1.2.3"], true, true, [], false, false, []) { Entry = new(7, ["c0ffee", "1.2.3"], Some.Now, """[{"path":"shop"},{"chart":"redis"}]""", true), BehindWindow = true, From = ["badbad", "1.2.4"] } },
        { "rollback", new RollbackWork(PauseMechanism.SwitchOff, new("/spec/syncPolicy/automated", "{}", null), new(3, ["c0ffee", "1.2.3"], Some.Now, "[]", true), ["CreateNamespace=true"]) },
        { "rollback-from", new RollbackWork(PauseMechanism.SwitchOff, new("/spec/syncPolicy/automated", "{}", null), new(3, ["c0ffee", "1.2.3"], Some.Now, "[]", true), []) { From = ["decaf", "1.3.0"] } },
        { "extend-branch", new ExtendWork(PauseMechanism.SwitchOff, new("/spec/source/targetRevision", "\"main\"", null), Core.Leases.LeaseKind.Branch) },
        { "branch", new BranchWork(Some.Held, new("Dana Dev", "back to the old gateway", Some.Now), [new("/spec/sources/1/targetRevision", "\"main\"", null)], true, false, ["CreateNamespace=true"], Id) },
        { "branch-behind-window", new BranchWork(Some.Held, new("Dana Dev", "back to the old gateway", Some.Now), [new("/spec/sources/1/targetRevision", "\"main\"", null)], true, false, [], null) { BehindWindow = ["1.2.3", "c0ffee"], Source = "5eed" } },
        { "pause-in-set", new PauseWork(PauseMechanism.SwitchOff, new("/spec/syncPolicy/automated", "{}", null)) { InSet = new("tools", "5e7b", "search", HadList: true) } },
        { "pause-beside", new PauseWork(PauseMechanism.Window, new("/spec/syncWindows", "[]", null)) { Since = Some.Now } },
        { "terminate", new TerminateWork("kim", Some.Now) },
        { "terminate-waiting", new TerminateWork("kim", null) { Written = "0011" } },
    };

    [Theory]
    [MemberData(nameof(Works))]
    public void The_work_of_each_kind_is_stored_like_this(string name, PlannedWork work)
    {
        var operation = Some.Operation(Id) with { Lease = Id, Kind = work.Kind, Plan = Some.Plan() with { Work = work } };
        var document = OperationDocument.From(operation, 3);

        Same($"work-{name}", document);
        var read = DocumentJson.Read<OperationDocument>(DocumentJson.Write(document), name).ToOperation().Plan;
        Assert.Equal((operation.Plan.Hash, (work as JoinWork)?.Since), (read.Hash, (read.Work as JoinWork)?.Since));
    }

    [Fact]
    public void An_operation_of_a_version_to_come_is_not_guessed_at() =>
        Assert.Contains("newer", Assert.Throws<StorageRefusedException>(() => DocumentJson.Read<OperationDocument>("""{"version":3}""", "operation")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_incident_whose_scope_RBAC_does_not_cover_is_stored_like_this() =>
        Same("incident-not-covered", IncidentDocument.From(Some.Incident() with { NotCovered = Some.Incident().Scope }, 3));

    [Fact]
    public void A_lease_is_stored_like_this() => Same("lease", LeaseDocument.From(Some.Lease(Id) with { Operation = Id }, 3));

    [Fact]
    public void A_lease_from_before_the_look_after_its_end_is_read()
    {
        var written = DocumentJson.Write(LeaseDocument.From(Some.Lease(Id), 3));
        var older = written.Replace(""","awaitsEngine":true""", "", StringComparison.Ordinal);

        Assert.NotEqual(written, older);
        Assert.False(DocumentJson.Read<LeaseDocument>(older, "lease").ToLease().AwaitsEngine);
    }

    [Fact]
    public void A_lease_of_a_branch_switch_is_stored_like_this() => Same("lease-branch", LeaseDocument.From(
        Some.Switch(Id) with { Operation = Id, Moving = new(Id, Some.Held with { Commit = new string('2', 40) }) }, 3));

    [Fact]
    public void A_lease_whose_end_was_asked_about_is_stored_like_this_and_comes_back()
    {
        var document = LeaseDocument.From(Some.AskedAbout(Id) with { Operation = Id }, 3);
        var (back, was) = (DocumentJson.Read<LeaseDocument>(DocumentJson.Write(document), "lease").ToLease(), Some.AskedAbout(Id));

        Same("lease-overwriting", document);
        Assert.Equal((was.Overwriting, was.Overwrite!.AskedBy, was.Overwrite.Message, was.Overwrite.AgreedBy, was.Overwrite.Blind), (back.Overwriting, back.Overwrite!.AskedBy, back.Overwrite.Message, back.Overwrite.AgreedBy, back.Overwrite.Blind));
        Assert.Equal(was.Overwrite.Shown, back.Overwrite.Shown);
        Assert.Equal(was.InThread, back.InThread);
    }

    [Fact]
    public void Why_a_change_by_hand_is_in_no_command_is_stored_like_this_and_comes_back()
    {
        var hands = Some.Lease(Id).Hands[0];
        var document = LeaseDocument.From(Some.Lease(Id) with { Operation = Id, Hands = [hands with { Fields = [hands.Fields[0], hands.Fields[0] with { NoWay = NoWayBack.TooLong }] }] }, 3);

        Same("lease-no-way", document);
        Assert.Equal([null, NoWayBack.TooLong], DocumentJson.Read<LeaseDocument>(DocumentJson.Write(document), "lease").ToLease().Hands[0].Fields.Select(field => field.NoWay));
    }

    [Fact]
    public void An_authority_that_wants_more_before_hand_changes_are_overwritten_comes_back()
    {
        var authority = Some.Operation(Id).Authority with { Overwriting = Some.AskedAbout(Id).Overwriting };

        Assert.Equal(authority.Overwriting, AuthorityDocument.From(authority).ToAuthority().Overwriting);
    }

    [Fact]
    public void A_lease_that_follows_its_branch_is_stored_like_this() => Same("lease-following", LeaseDocument.From(Some.Following(Id) with { MovedFrom = null }, 3));

    [Fact]
    public void A_lease_that_was_moved_on_is_stored_like_this() => Same("lease-moved", LeaseDocument.From(Some.Following(Id), 3));

    [Fact]
    public void A_lease_from_before_there_were_branch_switches_is_read()
    {
        var written = DocumentJson.Write(LeaseDocument.From(Some.Lease(Id), 3));
        var older = written.Replace(""","branch":null""", "", StringComparison.Ordinal);

        Assert.NotEqual(written, older);
        Assert.Null(DocumentJson.Read<LeaseDocument>(older, "lease").ToLease().Branch);
    }

    [Fact]
    public void A_pause_of_a_namespace_is_stored_like_this()
    {
        var part = new PausePart((ApplicationTarget)Some.Plan().Target, new PauseWork(PauseMechanism.Window, new("/spec/syncWindows", null, null)), Some.Plan().Changes);
        var plan = Some.Plan() with { Target = new NamespaceTarget("prod", "shop", [part.Target]), Work = new NamespacePauseWork([part]) };
        var document = OperationDocument.From(Some.Operation(Id) with { Lease = Id, Plan = plan }, 3);

        Same("operation-namespace", document);
        Assert.Equal(plan.Hash, DocumentJson.Read<OperationDocument>(DocumentJson.Write(document), "operation").ToOperation().Plan.Hash);
    }

    [Fact]
    public void A_lease_of_some_fields_is_stored_like_this()
    {
        var document = LeaseDocument.From(Some.Lease(Id) with { Operation = Id, Mechanism = PauseMechanism.Fields, Before = new("/spec/ignoreDifferences", null, null), WindowIn = null, Only = Some.Fields }, 3);

        Same("lease-only", document);
        var read = DocumentJson.Read<LeaseDocument>(DocumentJson.Write(document), "lease").ToLease().Only!;
        Assert.Equal(Some.Fields.Spoken, read.Spoken);
        Assert.Equal(Some.Fields.Options, read.Options);
        Assert.Null(DocumentJson.Read<LeaseDocument>(DocumentJson.Write(LeaseDocument.From(Some.Lease(Id), 3)), "lease").ToLease().Only);
    }

    [Fact]
    public void A_lease_that_joins_another_is_stored_like_this()
    {
        var document = LeaseDocument.From(Some.Joining(Some.Lease(Id) with { Operation = Id, WindowIn = null }, Id), 3);

        Same("lease-joining", document);
        var read = DocumentJson.Read<LeaseDocument>(DocumentJson.Write(document), "lease").ToLease();
        Assert.Equal((Id, true, 2, (DateTimeOffset?)null), (read.Joins, read.OnlyLetsGo, read.HeldWith.Count, read.JoinedSince));
        var since = Some.Lease(Id) with { JoinedSince = Some.Lease(Id).StartedAt.AddHours(-1) };
        Assert.Equal(since.JoinedSince, DocumentJson.Read<LeaseDocument>(DocumentJson.Write(LeaseDocument.From(since, 3)), "lease").ToLease().JoinedSince);
        var alone = DocumentJson.Read<LeaseDocument>(DocumentJson.Write(LeaseDocument.From(Some.Lease(Id), 3)), "lease").ToLease();
        Assert.Equal((null, false, 0), (alone.Joins, alone.OnlyLetsGo, alone.HeldWith.Count));
    }

    [Fact]
    public void A_lease_with_an_entry_in_a_set_is_stored_like_this()
    {
        var entry = new SetEntry("tools", "5e7b", "search", HadList: true) { IsOurs = true };
        var document = LeaseDocument.From(Some.Lease(Id) with { Operation = Id, WindowIn = null, InSet = entry }, 3);

        Same("lease-in-set", document);
        Assert.Equal(entry, DocumentJson.Read<LeaseDocument>(DocumentJson.Write(document), "lease").ToLease().InSet);
        Assert.Null(DocumentJson.Read<LeaseDocument>(DocumentJson.Write(LeaseDocument.From(Some.Lease(Id), 3)), "lease").ToLease().InSet);
        var joined = new JoinWork(PauseMechanism.SwitchOff, new("/spec/syncPolicy/automated", "{}", null), Id, false) { InSet = entry };
        var back = new RollbackWork(PauseMechanism.SwitchOff, new("/spec/syncPolicy/automated", "{}", null), new(3, ["1.2.3"], null, null, false), []) { InSet = entry };
        Assert.Equal(entry, ((JoinWork)WorkDocument.Of(joined).ToWork()).InSet);
        Assert.Equal(entry, ((RollbackWork)WorkDocument.Of(back).ToWork()).InSet);
    }

    [Fact]
    public void A_lease_of_a_window_is_stored_like_this() => Same("lease-window", LeaseDocument.From(
        Some.Lease(Id) with { Operation = Id, Mechanism = PauseMechanism.Window, Before = new("/spec/syncWindows", null, null) }, 3));

    [Fact]
    public void A_lease_of_a_switch_behind_a_window_is_stored_like_this()
    {
        var document = LeaseDocument.From(Some.Switch(Id) with { Operation = Id, Moving = null, Mechanism = PauseMechanism.Window, WindowIn = "shop", Deploys = ["1.2.3", "c0ffee"] }, 3);

        Same("lease-branch-behind-window", document);
        Assert.Equal(["1.2.3", "c0ffee"], DocumentJson.Read<LeaseDocument>(DocumentJson.Write(document), "lease").ToLease().Deploys);
    }

    [Fact]
    public void A_lease_from_before_there_were_windows_is_read()
    {
        var written = DocumentJson.Write(LeaseDocument.From(Some.Lease(Id), 3));
        var older = written.Replace(",\"windowIn\":\"shop\"", "", StringComparison.Ordinal);

        Assert.Equal("shop", DocumentJson.Read<LeaseDocument>(written, "lease").ToLease().WindowIn);
        Assert.NotEqual(written, older);
        Assert.Null(DocumentJson.Read<LeaseDocument>(older, "lease").ToLease().WindowIn);
    }

    [Fact]
    public void A_lease_from_before_it_kept_whom_it_asks_is_read()
    {
        var written = DocumentJson.Write(LeaseDocument.From(Some.Lease(Id), 3));
        var older = DocumentJson.Write(LeaseDocument.From(Some.Lease(Id) with { Asked = [] }, 3));

        Assert.Contains("asked", written, StringComparison.Ordinal);
        Assert.DoesNotContain("asked", older, StringComparison.Ordinal);
        Assert.Empty(DocumentJson.Read<LeaseDocument>(older, "lease").ToLease().Asked);
    }

    [Fact]
    public void A_grant_is_stored_like_this() => Same("grant", GrantDocument.From(Some.Grant(Id) with { Operation = Id }, 3));

    [Fact]
    public void A_grant_in_Argo_CD_is_stored_like_this() => Same("grant-in-argocd", GrantDocument.From(
        Some.Grant(Id) with { Operation = Id, Kind = GrantKind.ArgoCdRole, Subject = "anna@login", Scope = new("prod", ["argocd"], "", ["get", "sync"]) { Project = "shop" }, Probes = [new("sync", "", "applications")] }, 3));

    [Fact]
    public void A_grant_of_an_account_is_stored_like_this() => Same("grant-account", GrantDocument.From(
        Some.Grant(Id) with { Operation = Id, Kind = GrantKind.ServiceAccount, Subject = "system:serviceaccount:breakglass-accounts:chatops-1", Scope = new("prod", ["shop"], "editor", ["get pods"]) { Accounts = "breakglass-accounts" }, Claims = 3 }, 3));

    [Fact]
    public void A_grant_that_was_gone_is_stored_like_this() => Same("grant-gone", GrantDocument.From(Some.Grant(Id, state: GrantState.Ended) with { Operation = Id, WasGone = true }, 3));

    [Fact]
    public void A_grant_of_what_is_narrowed_to_one_name_is_stored_like_this() =>
        Same("grant-narrow", GrantDocument.From(Some.Grant(Id) with { Operation = Id, Probes = [new("patch", "apps", "deployments") { Namespace = "shop", Name = "checkout" }] }, 3));

    [Fact]
    public void A_grant_of_which_something_was_astray_is_stored_like_this() => Same("grant-astray", GrantDocument.From(Some.Grant(Id) with { Operation = Id, Astray = "it is for somebody else than was approved" }, 3));

    [Fact]
    public void A_grant_from_before_there_were_accounts_is_read()
    {
        var written = DocumentJson.Write(GrantDocument.From(Some.Grant(Id), 3));
        var older = written.Replace(""","accounts":null""", "", StringComparison.Ordinal).Replace(""","claims":0""", "", StringComparison.Ordinal);

        Assert.Equal(written.Length, older.Length + """,,"accounts":null"claims":0""".Length);
        Assert.Equal((null, 0), (DocumentJson.Read<GrantDocument>(older, "grant").ToGrant().Scope.Accounts, DocumentJson.Read<GrantDocument>(older, "grant").ToGrant().Claims));
    }

    [Fact]
    public void A_grant_from_before_there_were_roles_in_Argo_CD_is_read()
    {
        var written = DocumentJson.Write(GrantDocument.From(Some.Grant(Id), 3));
        var older = written.Replace(""","project":null""", "", StringComparison.Ordinal);

        Assert.NotEqual(written, older);
        Assert.Null(DocumentJson.Read<GrantDocument>(older, "grant").ToGrant().Scope.Project);
    }

    [Fact]
    public void What_was_done_with_one_of_two_grants_is_stored_like_this() => Same("use-beside", UseDocument.From(Beside(), 3));

    [Fact]
    public void What_was_done_with_one_of_two_grants_is_read_back_as_it_was()
    {
        var read = DocumentJson.Read<UseDocument>(DocumentJson.Write(UseDocument.From(Beside(), 3)), "use").ToUse();

        Assert.Equal(["89abcdef"], read.Deeds[0].Or);
        Assert.Equal((false, true), (read.Deeds[0].IsBeyond, read.Deeds[1].IsBeyond));
        Assert.Equal(["01234567"], read.ToldOf);
        Assert.Empty(DocumentJson.Read<UseDocument>(DocumentJson.Write(UseDocument.From(Some.Use(Id), 3)), "use").ToUse().ToldOf);
    }

    [Fact]
    public void What_was_done_with_a_grant_is_stored_like_this() => Same("use", UseDocument.From(Some.Use(Id), 3));

    [Fact]
    public void What_was_given_lately_is_stored_like_this() => Same("allowance", AllowanceDocument.From(new(Allowance.OfPerson("anna"), [Id]), 3));

    [Fact]
    public void An_entry_is_stored_like_this()
    {
        Some.Incident().Record(Core.Timeline.TimelineKind.Note, "anna", "note", Some.Now, out var entry);
        Same("entry", EntryDocument.From(entry));
    }

    [Fact]
    public void An_alert_is_stored_like_this() => Same("alert", AlertDocument.From(Some.Alert(), 3));

    [Fact]
    public void An_alert_of_an_override_from_outside_is_stored_like_this() => Same("alert-outside", AlertDocument.From(Some.OutsideAlert(), 3));

    [Fact]
    public void An_alert_of_an_application_in_trouble_is_stored_like_this() => Same("alert-application", AlertDocument.From(Some.TroubleAlert(), 3));

    [Fact]
    public void An_alert_of_a_window_from_outside_is_stored_like_this() => Same("alert-window", AlertDocument.From(Some.WindowAlert(), 3));

    [Fact]
    public void Windows_that_are_no_news_are_stored_like_this() => Same("windows", KnownWindowsDocument.From(Some.KnownWindows(), 3));

    [Fact]
    public void When_an_instance_was_looked_at_first_is_stored_like_this() => Same("watched", new WatchedDocument(DocumentJson.Current, "argocd", Some.Now));

    [Fact]
    public void An_alert_from_before_there_were_any_but_Alertmanagers_is_read()
    {
        var written = DocumentJson.Write(AlertDocument.From(Some.Alert(), 3));
        var older = written.Replace(""","times":0,"wasThere":false,"window":null""", "", StringComparison.Ordinal).Replace(""","telling":0""", "", StringComparison.Ordinal).Replace(""","source":"Alertmanager","override":null,"taken":null,"left":false""", "", StringComparison.Ordinal);

        Assert.DoesNotContain("times", older, StringComparison.Ordinal);
        Assert.DoesNotContain("telling", older, StringComparison.Ordinal);
        Assert.DoesNotContain("source", older, StringComparison.Ordinal);
        Assert.Equal(written, DocumentJson.Write(AlertDocument.From(DocumentJson.Read<AlertDocument>(older, "alert").ToAlert(), 3)));
    }

    [Fact]
    public void How_an_application_is_without_overrides_is_stored_like_this() => Same("baseline", BaselineDocument.From(Some.Baseline(), 3));

    [Fact]
    public void A_lease_of_a_window_from_outside_is_stored_like_this() => Same("lease-outside-window", LeaseDocument.From(Some.Lease(Id) with { Operation = Id, Kind = Core.Leases.LeaseKind.Outside, Outside = Some.WindowAlert().Window!.AsOverride() }, 3));

    [Fact]
    public void A_lease_of_an_override_from_outside_is_stored_like_this() => Same("lease-outside", LeaseDocument.From(Some.Lease(Id) with { Operation = Id, Kind = Core.Leases.LeaseKind.Outside, Outside = Some.Outside }, 3));

    [Fact]
    public void A_choice_is_stored_like_this() => Same("choice", ChoiceDocument.From(Some.Choice("token") with { Subject = Id }));

    [Fact]
    public void A_posted_message_is_stored_like_this() =>
        Same("posted", PostedDocument.From(new PostedMessage(MessageKey.Incident(7), new MessageRef(Some.Channel, "171.2", "171.1"), Some.Now)));

    [Fact]
    public void A_command_is_stored_like_this() => Same("delivery-command", Delivery(new Said.Command("gitops", "pause checkout")));

    [Fact]
    public void A_press_is_stored_like_this() => Same("delivery-pressed", Delivery(new Said.Pressed("token", new MessageRef(Some.Channel, "171.2", "171.1"))));

    [Fact]
    public void A_dialog_that_was_answered_is_stored_like_this() => Same("delivery-answered", Delivery(new Said.Answered("token", new Dictionary<string, string> { ["reason"] = "no" })));

    [Fact]
    public void An_opened_page_is_stored_like_this() => Same("delivery-home", Delivery(new Said.OpenedHome()));

    [Fact]
    public void A_waiting_page_is_stored_like_this() => Same("queued-home", Queued(new Outgoing.Home(Some.Anna, Some.Card())));

    [Fact]
    public void A_waiting_post_in_a_channel_is_stored_like_this() => Same("queued-channel", Queued(new Outgoing.Say(new("key"), new Where.InChannel(Some.Channel), Some.Card()) { Pin = true }));

    [Fact]
    public void A_waiting_post_in_a_thread_is_stored_like_this() => Same("queued-thread", Queued(Some.Say("key", where: new Where.InThread(Some.Channel, MessageKey.Incident(7)))));

    [Fact]
    public void A_waiting_direct_message_is_stored_like_this() => Same("queued-person", Queued(Some.Say("key", where: new Where.ToPerson(Some.Anna))));

    [Fact]
    public void A_waiting_private_answer_is_stored_like_this() => Same("queued-whisper", Queued(new Outgoing.Whisper(Some.Anna, new(Some.Channel, "171.1"), Card.Note("no", Tone.Warning), null)));

    [Fact]
    public void A_waiting_dialog_is_stored_like_this()
    {
        var queued = Queued(new Outgoing.Ask(Some.Anna, new(Some.Channel, null), "handle", Some.Dialog()));
        Same("queued-ask", queued with { Post = (OutgoingDocument.Ask)queued.Post with { SealedHandle = "sealed" } });
    }

    /// <summary>A renamed member would make every store that has it unreadable; a new one is added here with its name.</summary>
    [Fact]
    public void Every_word_of_an_enum_that_is_stored_stays()
    {
        var enums = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<Type>();
        foreach (var document in typeof(IDocument).Assembly.GetTypes().Where(type => type.Namespace == typeof(IDocument).Namespace))
        {
            Collect(document, seen, enums);
        }

        Compare("enums.txt", string.Join('\n', enums) + "\n");
    }

    private static void Collect(Type type, HashSet<Type> seen, SortedSet<string> enums)
    {
        foreach (var part in type.IsGenericType ? type.GetGenericArguments() : [])
        {
            Collect(part, seen, enums);
        }

        if (type.IsEnum)
        {
            enums.Add($"{type.Name}: {string.Join(' ', Enum.GetNames(type))}");
        }
        else if (type.Namespace == typeof(IDocument).Namespace && seen.Add(type))
        {
            foreach (var property in type.GetProperties())
            {
                Collect(property.PropertyType, seen, enums);
            }
        }
    }

    private static DeliveryDocument Delivery(Said said) => DeliveryDocument.Of(Some.Delivery("key", said), Seal) with { SealedHandle = "sealed" };

    private static QueuedDocument Queued(Outgoing post) =>
        new(DocumentJson.Current, 7, 6, OutgoingDocument.Of(post, Seal), Some.Now, 2, Some.Now.AddSeconds(5));

    private static GrantUse Beside()
    {
        var use = Some.Use(Id);
        return use with { ToldOf = ["01234567"], Deeds = [use.Deeds[0] with { Or = ["89abcdef"] }, use.Deeds[1] with { IsBeyond = true }] };
    }

    private static void Same<T>(string name, T document)
        where T : IDocument
    {
        var json = DocumentJson.Write(document);
        Compare($"{name}.json", json + "\n");
        Assert.Equal(json, DocumentJson.Write(DocumentJson.Read<T>(json, name)));
    }

    private static void Compare(string name, string text)
    {
        var path = Path.Combine(Folder(), name);
        if (Environment.GetEnvironmentVariable("CHATOPS_GOLDEN") == "write")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "golden");
}

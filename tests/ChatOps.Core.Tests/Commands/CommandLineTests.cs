using ChatOps.Core.Commands;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Commands;

public class CommandLineTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly ApplicationQuery Checkout = new(null, null, "checkout");

    [Theory]
    [InlineData("gitops", "pause checkout for 45m because rollback of payment config")]
    [InlineData(null, "pause checkout for 45m because rollback of payment config")]
    [InlineData(null, "gitops pause checkout for 45m because rollback of payment config")]
    [InlineData(null, "/gitops please pause checkout for 45m because rollback of payment config")]
    [InlineData("incident", "pause checkout for 45m because rollback of payment config")]
    [InlineData("gitops", "checkout pause for 45m because rollback of payment config")]
    [InlineData("gitops", "pause for 45m checkout because rollback of payment config")]
    [InlineData("gitops", "pause checkout because rollback of payment config for 45m")]
    [InlineData("gitops", "pause because “rollback of payment config” for 45 minutes checkout")]
    [InlineData("gitops", "PAUSE Checkout FOR 45M BECAUSE rollback of payment config")]
    [InlineData("gitops", "pause `checkout` for 45 min, because: 'rollback of payment config'")]
    [InlineData("gitops", "pause\u00a0checkout\u200b 45m\tbecause  rollback of payment config ")]
    public void Words_come_in_any_sensible_order(string? program, string text) =>
        Assert.Equal(new Command.Pause(Checkout, new(TimeSpan.FromMinutes(45), null), "rollback of payment config"), Understood(text, program));

    [Theory]
    [InlineData("checkout", null, null, "checkout")]
    [InlineData("shop/checkout", null, "shop", "checkout")]
    [InlineData("eu/shop/checkout", "eu", "shop", "checkout")]
    [InlineData("because", null, null, "because")]
    public void An_application_is_instance_namespace_name(string typed, string? instance, string? space, string name) =>
        Assert.Equal(new Command.Resume(new(instance, space, name)), Understood($"resume {typed}"));

    [Theory]
    [InlineData("resume")]
    [InlineData("resume a/b/c/d")]
    [InlineData("resume /checkout")]
    [InlineData("resume check_out")]
    [InlineData("resume 'check out'")]
    [InlineData("resume checkout frontend")]
    [InlineData("own checkout bob")]
    public void What_is_no_application_is_not_guessed(string text) => Refused(text);

    [Fact]
    public void The_other_verbs_about_an_application()
    {
        Assert.Equal(new Command.Extend(Checkout, new(TimeSpan.FromMinutes(30), null)), Understood("extend checkout by 30m"));
        Assert.Equal(new Command.Extend(Checkout, new(TimeSpan.FromMinutes(90), null)), Understood("extend checkout 1h 30m"));
        Assert.Equal(new Command.Own(Checkout, null), Understood("own checkout"));
        Assert.Equal(new Command.Own(Checkout, new("U42")), Understood("own @U42 checkout"));
        Assert.IsType<Command.ShowPolicy>(Understood("policy"));
    }

    [Theory]
    [InlineData("pause checkout for 45m", "pause checkout for 45m because <why>")]
    [InlineData("pause checkout because config is broken", "pause checkout for 45m because config is broken")]
    [InlineData("pause checkout", "pause checkout for 45m because <why>")]
    [InlineData("pause checkout for 45m because", "pause checkout for 45m because <why>")]
    [InlineData("pause checkout for 45m because …", "pause checkout for 45m because <why>")]
    [InlineData("pause checkout for 45m because <why>", "pause checkout for 45m because <why>")]
    [InlineData("pause", "pause checkout for 45m because rollback of payment config")]
    [InlineData("extend shop/checkout", "extend shop/checkout by 30m")]
    [InlineData("extend checkout until 14:00 UTC", "extend checkout by 30m")]
    [InlineData("apps add", "apps add checkout")]
    [InlineData("severity 7", "severity sev2")]
    [InlineData("close it", "close")]
    public void What_is_missing_is_asked_for_with_a_line_to_copy(string text, string line) =>
        Assert.Contains(line, Refused(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("puase checkout", "Did you mean pause?")]
    [InlineData("resmue checkout", "Did you mean resume?")]
    [InlineData("suspend checkout", "Did you mean pause?")]
    [InlineData("unpause checkout", "Did you mean resume?")]
    [InlineData("gitop pause checkout", "Did you mean gitops?")]
    [InlineData("incidnet declare x", "Did you mean incident?")]
    [InlineData("pause checkout for 45m becuase broken", "Did you mean because?")]
    [InlineData("pause checkout untill 14:30 because x", "Did you mean until?")]
    [InlineData("help puase", "Did you mean pause?")]
    [InlineData("declare \"Checkout 500s\" opreator @alice", "Did you mean operator?")]
    [InlineData("apps remvoe checkout", "Did you mean remove?")]
    [InlineData("backport checkout hotfix", "/gitops help")]
    public void A_mistake_gets_did_you_mean(string text, string answer) => Assert.Contains(answer, Refused(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("pause checkout for 0m because x")]
    [InlineData("pause checkout for -5m because x")]
    [InlineData("pause checkout for 31d because x")]
    [InlineData("pause checkout for 99999999999999999999999999h because x")]
    [InlineData("pause checkout for 45 because x")]
    [InlineData("pause checkout for ages because x")]
    [InlineData("pause checkout for 45m for 50m because x")]
    [InlineData("pause checkout 0m because x")]
    public void A_time_that_makes_no_sense_is_refused(string text) => Refused(text);

    [Theory]
    [InlineData("pause ns:payments for 45m because x", null)]
    [InlineData("pause NS:Payments 45m because x", null)]
    [InlineData("pause for 45m ns:prod/payments because x", "prod")]
    public void A_pause_can_be_of_a_namespace(string text, string? cluster) =>
        Assert.Equal(new Command.PauseNamespace(new(cluster, "payments"), new(TimeSpan.FromMinutes(45), null), "x"), Understood(text));

    [Fact]
    public void So_can_its_end() => Assert.Equal(new Command.ResumeNamespace(new("prod", "payments")), Understood("resume ns:prod/payments"));

    [Theory]
    [InlineData("pause ns: for 45m because x")]
    [InlineData("pause ns payments for 45m because x")]
    [InlineData("pause ns:a/b/c for 45m because x")]
    [InlineData("pause ns:payments checkout for 45m because x")]
    [InlineData("pause ns:payments only deployment/web for 45m because x")]
    [InlineData("pause ns:payments because x")]
    [InlineData("extend ns:payments by 30m")]
    [InlineData("own ns:payments")]
    [InlineData("branch ns:payments fix for 1h because x")]
    public void What_a_namespace_is_not_for_is_refused(string text) => Refused(text);

    [Theory]
    [InlineData("pause checkout only deployment/web for 45m because x", "deployment/web")]
    [InlineData("pause checkout for 45m only Deployment/web because x", "Deployment/web")]
    [InlineData("pause only deployment/web,configmap/web checkout 45m because x", "deployment/web configmap/web")]
    [InlineData("pause checkout only deployment/web configmap/web:/data/MODE for 45m because x", "deployment/web configmap/web:/data/MODE")]
    [InlineData("pause checkout only role/system:web:/rules for 45m because x", "role/system:web:/rules")]
    public void A_pause_can_be_narrowed_to_resources_and_fields(string text, string only) =>
        Assert.Equal(only, string.Join(' ', Assert.IsType<Command.Pause>(Understood(text)).Only));

    [Theory]
    [InlineData("pause checkout only for 45m because x")]
    [InlineData("pause checkout only web for 45m because x")]
    [InlineData("pause checkout only deployment/web:spec.replicas/ for 45m because x")]
    public void What_is_no_resource_is_not_paused(string text) => Refused(text);

    [Fact]
    public void A_reason_that_is_too_long_is_not_cut()
    {
        Assert.IsType<Command.Pause>(Understood("pause checkout for 45m because " + new string('x', 1000)));
        Refused("pause checkout for 45m because " + new string('x', 1001));
    }

    [Fact]
    public void A_reason_keeps_its_own_words_quotes_and_lines()
    {
        var pause = Assert.IsType<Command.Pause>(Understood("pause checkout for 45m because it's \"odd\", until somebody\nfinds out"));

        Assert.Equal("it's \"odd\", until somebody\nfinds out", pause.Reason);
    }

    [Fact]
    public void Every_verb_explains_itself_and_its_example_is_understood()
    {
        Assert.All(Verb.All, verb =>
        {
            Assert.Equal(new Command.Help(verb.Name), Understood($"{verb.Name} help"));
            Assert.Equal(new Command.Help(verb.Name), Understood($"help {verb.Name}"));
            Understood(verb.Example, verb.Program);
        });
        Assert.Equal(new Command.Help(null), Understood(""));
        Assert.Equal(new Command.Help(null), Understood("", "incident"));
    }

    private static Command Understood(string text, string? program = null)
    {
        var refusal = CommandLine.Parse(program, text, null, Now, out var command);
        Assert.True(refusal is null, $"{text}: {refusal?.Why} {refusal?.Instead}");
        return command;
    }

    private static string Refused(string text)
    {
        var refusal = Assert.IsType<Refusal>(CommandLine.Parse(null, text, null, Now, out _));
        Assert.NotEqual("", refusal.Instead.ToString());
        return $"{refusal.Why} {refusal.Instead}";
    }
}

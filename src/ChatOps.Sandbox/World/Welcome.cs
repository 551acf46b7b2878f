namespace ChatOps.Sandbox.World;

/// <summary>What the terminal says once everything listens: where to look, and commands that work as they stand.</summary>
internal static class Welcome
{
    public static string To(SandboxWorld world, int port) =>
        $$$"""

        ChatOps sandbox: a simulation, it touches nothing real. Ctrl+C stops it and forgets everything.

          Workspace  http://127.0.0.1:{{{port}}}
          Record     {{{world.Product.Url.ToString().TrimEnd('/')}}}

        Try, in the workspace:
          1  Press "Apply the hand fix": checkout works, until Argo CD puts the broken state back.
          2  As Alice      /incident declare "Checkout 500s" sev1 apps checkout
          3  In its thread @chatops pause checkout for 45m because rollback of payment config
          4  As Bob        read the plan, Approve, wait for "holding", apply the hand fix again: it stays.
          5  As Alice      @chatops resume checkout: it shows what Git would overwrite; press "Resume and overwrite"

        Then:
          search belongs to an ApplicationSet, the application reports to an app of apps: pause them and read how each is held.
          payments goes wrong when you press "Let something go wrong with payments"; #general tells of it,
          and /gitops signals payments shows the failed requests.

        The same by hand, with a kubectl of Alice's:
          export KUBECONFIG={{{world.KubeConfigOfAlice}}}
          kubectl -n argocd get applications
          kubectl -n shop get configmap checkout --output jsonpath='{.data.PAYMENT_MODE}'
          kubectl -n shop patch configmap checkout --type merge --patch '{"data":{"PAYMENT_MODE":"new-gateway"}}'

        """;
}

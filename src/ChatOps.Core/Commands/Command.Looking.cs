using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <content>What only looks. None of it changes anything.</content>
public abstract partial record Command
{
    /// <summary>What changes nothing but what was said.</summary>
    public abstract record Looking : Command;

    /// <summary><paramref name="Text"/> null: all there are.</summary>
    public sealed record ListApplications(string? Text) : Looking;

    public sealed record ShowApplication(ApplicationQuery Application) : Looking;

    public sealed record ShowDifferences(ApplicationQuery Application) : Looking;

    public sealed record ShowSignals(ApplicationQuery Application) : Looking;

    /// <summary><paramref name="Name"/> null: the list.</summary>
    public sealed record ShowRunbook(string? Name, ApplicationQuery? Application = null) : Looking;

    /// <summary>What <paramref name="Change"/> would do, and nothing of it.</summary>
    public sealed record ShowPlan(Command Change) : Command;
}

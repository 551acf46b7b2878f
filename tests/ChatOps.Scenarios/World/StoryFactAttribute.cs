using ChatOps.Peers;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ChatOps.Scenarios.World;

/// <summary>A class whose scenarios play on the real API server; skipped, visibly, where there is none.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnARealClusterAttribute : Attribute;

/// <summary>A fact of a suite that is played in several worlds, of which one is not always there.</summary>
[XunitTestCaseDiscoverer("ChatOps.Scenarios.World.StoryFactDiscoverer", "ChatOps.Scenarios")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoryFactAttribute : FactAttribute;

public sealed class StoryFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new StoryTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

/// <summary>The same for a table: each row is a test of its own.</summary>
[XunitTestCaseDiscoverer("ChatOps.Scenarios.World.StoryTheoryDiscoverer", "ChatOps.Scenarios")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoryTheoryAttribute : TheoryAttribute;

public sealed class StoryTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object[] dataRow) =>
        [new StoryTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, dataRow)];
}

public sealed class StoryTestCase : XunitTestCase
{
    [Obsolete("only for the framework")]
    public StoryTestCase()
    {
    }

    public StoryTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, object[]? arguments = null)
        : base(diagnostics, display, options, method, arguments)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(OnARealClusterAttribute)).Any()
            ? new RealClusterFactAttribute().Skip
            : base.GetSkipReason(factAttribute);
}

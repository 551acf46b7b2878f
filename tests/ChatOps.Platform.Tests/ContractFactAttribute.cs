using ChatOps.Peers;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ChatOps.Platform.Tests;

/// <summary>A class whose contract tests need the real API server; they are skipped, visibly, where there is none.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AgainstRealApiServerAttribute : Attribute;

/// <summary>A fact of a suite that several classes inherit, of which some need what is not always there.</summary>
[XunitTestCaseDiscoverer("ChatOps.Platform.Tests.ContractFactDiscoverer", "ChatOps.Platform.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractFactAttribute : FactAttribute;

public sealed class ContractFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new ContractTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class ContractTestCase : XunitTestCase
{
    [Obsolete("only for the framework")]
    public ContractTestCase()
    {
    }

    public ContractTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(AgainstRealApiServerAttribute)).Any()
            ? new RealClusterFactAttribute().Skip
            : base.GetSkipReason(factAttribute);
}

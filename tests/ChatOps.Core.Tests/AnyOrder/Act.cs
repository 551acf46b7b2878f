namespace ChatOps.Core.Tests.AnyOrder;

/// <summary>What can happen next in a story.</summary>
public enum Act
{
    Request,
    Approve,
    PressAny,
    Deny,
    SelfApprove,
    Extend,
    Resume,
    Own,
    ChangeRole,
    Work,
    ClusterWillAnswer,
    ClusterWillNotRead,
    ControllerAnswers,
    SomebodyEdits,
    TimePasses,
    LongTimePasses,
    ProcessWillDie,
    TakeOver,
    DirectoryFails,
}

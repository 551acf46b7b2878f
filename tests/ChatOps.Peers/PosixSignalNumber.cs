namespace ChatOps.Peers;

/// <summary>Linux numbers of the signals that end, freeze and thaw a process.</summary>
public enum PosixSignalNumber
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

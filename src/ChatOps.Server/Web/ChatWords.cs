namespace ChatOps.Server.Web;

/// <summary>What people type in chat, by the names that their workspace has for it.</summary>
internal sealed record ChatWords(string Incident);

namespace ChatOps.Server.Web;

/// <summary>What somebody sees who is not in, or not yet.</summary>
internal static class SignInPages
{
    public static IResult Confirm(LinkState.Good link) => Page.Show("ChatOps record", Html.Of(
        $"""
        <main class="sheet"><h1>Incident #{link.Incident}</h1>
        <p>This link was made for <strong>{link.Person}</strong> and works once. It keeps this browser signed in to this incident's record for 8 hours.</p>
        <form method="post"><button type="submit">Open the record</button></form></main>
        """));

    public static IResult Refused(LinkState state, ChatWords words) => state switch
    {
        LinkState.Expired => Sheet("This link has expired", "Links to the record work for 10 minutes.", StatusCodes.Status410Gone, words),
        LinkState.Used => Sheet("This link was used already", "Links to the record work once. If it was not you who used it, tell whoever runs ChatOps.", StatusCodes.Status410Gone, words),
        LinkState.NotOurs => Sheet("This link does not work", "It was cut off, changed, or not made here.", StatusCodes.Status403Forbidden, words),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static IResult NeedsSignIn(ChatWords words) =>
        Sheet("Please come in through chat", "The record can be read by people whom ChatOps knows.", StatusCodes.Status401Unauthorized, words);

    public static IResult OtherIncident(ChatWords words) =>
        Sheet("Not with this sign-in", "Your sign-in is good for another incident's record.", StatusCodes.Status403Forbidden, words);

    public static IResult UnknownPerson() => Page.Show("Nobody I know", Html.Of(
        $"""
        <main class="sheet"><h1>I do not know who you are</h1>
        <p>You signed in, but that account is not exactly one person in <code>Identity:People</code>. Whoever runs ChatOps can add it; <code>doctor</code> shows what is mapped.</p></main>
        """), StatusCodes.Status403Forbidden);

    public static IResult SignInFailed() => Page.Show("Sign-in failed", Html.Of(
        $"""
        <main class="sheet"><h1>Sign-in did not work</h1>
        <p>The identity provider's answer could not be used. <a href="/">Try again</a>; if it stays, whoever runs ChatOps finds the reason in its log.</p></main>
        """), StatusCodes.Status403Forbidden);

    public static IResult NotThere() => Page.Show("Not found", Html.Of(
        $"""<main class="sheet"><h1>No such incident</h1><p><a href="/">All incidents you may see</a></p></main>"""), StatusCodes.Status404NotFound);

    private static Microsoft.AspNetCore.Http.HttpResults.ContentHttpResult Sheet(string title, string why, int status, ChatWords words) => Page.Show(title, Html.Of(
        $"""
        <main class="sheet"><h1>{title}</h1><p>{why}</p>
        <p>For a new link, type <code>{words.Incident} status</code> in the incident's channel or thread: the answer, which only you see, has one.</p></main>
        """), status);
}

namespace ChatOps.Core.People;

/// <summary>By what somebody is taken for who they are, from weak to strong. Stored by name: rename nothing.</summary>
public enum Recognition
{
    /// <summary>The account is configured; who it is in the clusters was taken from its e-mail address, which the chat system confirmed.</summary>
    VerifiedEmail,

    /// <summary>The file of <c>Identity:PeopleFile</c>, which somebody else keeps.</summary>
    MappingFile,

    /// <summary>An entry of <c>Identity:People</c>.</summary>
    Configured,
}

/// <summary>How recognition is spoken of.</summary>
public static class RecognitionWords
{
    public static string InWords(this Recognition recognition) => recognition switch
    {
        Recognition.VerifiedEmail => "verified e-mail",
        Recognition.MappingFile => "mapping file",
        Recognition.Configured => "configured id",
    };
}

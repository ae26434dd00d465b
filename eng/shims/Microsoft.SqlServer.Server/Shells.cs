namespace Microsoft.SqlServer.Server;

/// <summary>How a CLR user-defined type is laid out.</summary>
public enum Format
{
    Unknown = 0,
    Native = 1,
    UserDefined = 2,
}

public interface IBinarySerialize
{
    void Read(BinaryReader r);

    void Write(BinaryWriter w);
}

public class InvalidUdtException : SystemException;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.ReturnValue | AttributeTargets.Parameter)]
public class SqlFacetAttribute : Attribute
{
    public bool IsFixedLength { get; set; }
    public bool IsNullable { get; set; }
    public int MaxSize { get; set; }
    public int Precision { get; set; }
    public int Scale { get; set; }
}

public enum DataAccessKind { None = 0, Read = 1 }

public enum SystemDataAccessKind { None = 0, Read = 1 }

[AttributeUsage(AttributeTargets.Method)]
public class SqlFunctionAttribute : Attribute
{
    public DataAccessKind DataAccess { get; set; }
    public string? FillRowMethodName { get; set; }
    public bool IsDeterministic { get; set; }
    public bool IsPrecise { get; set; }
    public string? Name { get; set; }
    public SystemDataAccessKind SystemDataAccess { get; set; }
    public string? TableDefinition { get; set; }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class SqlMethodAttribute : SqlFunctionAttribute
{
    public bool InvokeIfReceiverIsNull { get; set; }
    public bool IsMutator { get; set; }
    public bool OnNullCall { get; set; } = true;
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class SqlUserDefinedAggregateAttribute(Format format) : Attribute
{
    public const int MaxByteSizeValue = 8000;

    public Format Format { get; } = format;
    public bool IsInvariantToDuplicates { get; set; }
    public bool IsInvariantToNulls { get; set; }
    public bool IsInvariantToOrder { get; set; }
    public bool IsNullIfEmpty { get; set; }
    public int MaxByteSize { get; set; }
    public string? Name { get; set; }
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : Attribute
{
    public Format Format { get; } = format;
    public bool IsByteOrdered { get; set; }
    public bool IsFixedLength { get; set; }
    public int MaxByteSize { get; set; }
    public string? Name { get; set; }
    public string? ValidationMethodName { get; set; }
}

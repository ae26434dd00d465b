namespace ControlPlane.Web.Requests;

internal static class RequestsSetup
{
    public static IServiceCollection AddRequests(this IServiceCollection services) => services.AddSingleton<RequestStore>();
}

using ControlPlane.Web;

WebApplicationBuilder builder = ControlPlaneSetup.CreateBuilder(args);
builder.AddControlPlane();
WebApplication app = builder.Build();
app.MapControlPlane();
await app.RunAsync();

& (Join-Path $PSScriptRoot 'run.ps1') smoke @args; exit $LASTEXITCODE
